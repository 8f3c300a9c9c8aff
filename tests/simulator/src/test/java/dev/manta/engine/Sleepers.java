package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.simulator.Waves;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Many calls that sleep in one actor. */
final class Sleepers {
  /** The actor: counts who is inside. */
  static final class Dormitory {
    private int inside;
    private int peak;

    int sleep() {
      inside++;
      peak = Math.max(peak, inside);
      Manta.sleep(Duration.ofSeconds(1));
      inside--;
      return peak;
    }
  }

  private final Scheduler scheduler;
  private int peak;
  private long endedAt;

  Sleepers(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  Waves run(int calls, int limit) {
    SimulatedHost host =
        new SimulatedHost(scheduler, (message, cause) -> scheduler.fail(message), set -> {});
    Engine engine = new Engine(host, new SharedCodec(), LocalOptions.local());
    scheduler.spawn("client", () -> client(engine, calls, limit));
    scheduler.runUntilIdle();
    return new Waves(endedAt / World.MS, peak);
  }

  private void client(Engine engine, int calls, int limit) {
    ActorRef<Dormitory> dormitory =
        engine.actor(ActorOptions.async().maxConcurrency(limit), Dormitory::new);
    List<ObjectRef<Integer>> refs = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      refs.add(dormitory.call(Dormitory::sleep));
    }
    for (int seen : engine.getAll(refs)) {
      peak = Math.max(peak, seen);
    }
    endedAt = scheduler.now();
  }
}
