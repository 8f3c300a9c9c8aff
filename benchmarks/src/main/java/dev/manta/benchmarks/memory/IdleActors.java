package dev.manta.benchmarks.memory;

import dev.manta.ActorRef;
import dev.manta.Manta;

/** {@code actors.hundredthousand}: 100,000 actors that have had one call each. */
public final class IdleActors {
  private static final int ACTORS = 100_000;

  private IdleActors() {}

  /** Prints the heap in bytes for each actor, its handle and its instance included. */
  public static void main(String[] args) {
    try (Manta manta = Manta.start()) {
      @SuppressWarnings({"unchecked", "rawtypes"}) ActorRef<SuspendedCalls.Gate>[] actors =
          new ActorRef[ACTORS];
      actors[0] = manta.actor(SuspendedCalls.Gate::new);
      actors[0].call(SuspendedCalls.Gate::inside).get();
      long before = Heap.used();
      for (int i = 0; i < ACTORS; i++) {
        actors[i] = manta.actor(SuspendedCalls.Gate::new);
        actors[i].call(SuspendedCalls.Gate::inside).get();
      }
      System.out.println("heap " + (Heap.used() - before) / ACTORS);
      if (manta.stats().actors().size() < ACTORS) {
        throw new AssertionError("an actor is gone: " + actors[ACTORS - 1]);
      }
    }
  }
}
