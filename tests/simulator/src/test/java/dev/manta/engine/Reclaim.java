package dev.manta.engine;

import java.lang.ref.WeakReference;
import java.util.List;

/** The events that a collector would cause. */
final class Reclaim {
  private static final long MOST_NS = World.MS << 30;

  private Reclaim() {}

  /** The only holder of an actor's handle lets it go; it is unreachable after its last call. */
  static void drop(World world, int actor) {
    ActorCell cell = world.cell(actor);
    Lease lease = lease(cell);
    world.scheduler.spawn(
        "reclaim",
        () -> {
          for (long ns = World.MS; cell.pending.calls() > 0; ns *= 2) {
            if (ns > MOST_NS) {
              world.violated("calls are pending for ever in " + cell);
            }
            world.scheduler.sleep(ns);
          }
          unreachable(world, lease);
        });
  }

  private static void unreachable(World world, Lease lease) {
    if (lease != null) {
      weak(lease.cell).clear();
      Hooks.checkpoint();
      world.host.drop(lease).forEach(Runnable::run);
    }
  }

  /** All that the program held is let go. */
  static void everything(World world) {
    for (SimulatedHost.Registered r : List.copyOf(world.host.registered)) {
      if (r.token() instanceof Lease lease) {
        unreachable(world, lease);
      } else {
        world.host.drop(r.token()).forEach(Runnable::run);
      }
    }
  }

  private static Lease lease(ActorCell cell) {
    return weak(cell).get();
  }

  @SuppressWarnings("unchecked")
  private static WeakReference<Lease> weak(ActorCell cell) {
    return (WeakReference<Lease>) Reachability.field(cell, "lease");
  }
}
