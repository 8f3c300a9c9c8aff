package dev.manta.benchmarks.processes.manta;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import java.time.Duration;

/** Mantas whose calls really run in other processes: what is measured is never the caller's own. */
final class Workers {
  static final Duration LIMIT = Duration.ofSeconds(30);

  private static final int PLACES = 16;

  private Workers() {}

  /** Starts workers, with as many CPUs, and checks that calls run there. */
  static Manta start(int processes) {
    Manta manta =
        Manta.start(
            LocalOptions.local()
                .processes(processes)
                .cpus(processes)
                .jvmOptions("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"));
    try {
      counter(manta, ActorOptions.async());
      return manta;
    } catch (RuntimeException e) {
      manta.close();
      throw e;
    }
  }

  /** An actor in another process. */
  static ActorRef<Counter> counter(Manta manta, ActorOptions options) {
    ActorRef<Counter> counter = manta.actor(options, Counter::new);
    checkElsewhere(pid(counter));
    return counter;
  }

  /** An actor in another process than this one and that actor's. */
  static ActorRef<Counter> counterBeside(Manta manta, ActorRef<Counter> first) {
    long taken = pid(first);
    for (int i = 0; i < PLACES; i++) {
      ActorRef<Counter> second = counter(manta, ActorOptions.async());
      if (pid(second) != taken) {
        return second;
      }
    }
    throw new IllegalStateException("no actor was placed in the second worker");
  }

  static long pid(ActorRef<Counter> counter) {
    return counter.call(Counter::pid).get(LIMIT);
  }

  /** Fails where a call ran in this very process. */
  static void checkElsewhere(long pid) {
    if (pid == ProcessHandle.current().pid()) {
      throw new IllegalStateException("calls run in the caller's own process, not in a worker");
    }
  }
}
