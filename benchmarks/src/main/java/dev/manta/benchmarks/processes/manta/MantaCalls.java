package dev.manta.benchmarks.processes.manta;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.benchmarks.InFlight;
import dev.manta.benchmarks.processes.Seconds;
import java.util.List;

/** Calls of async actors in other processes. */
public final class MantaCalls {
  private static final int CALLS = 50_000;
  private static final int ROUNDTRIPS = 5_000;

  private MantaCalls() {}

  /** Prints rates, and the nanoseconds of a round trip. */
  public static void main(String[] args) throws Exception {
    List<String> names = List.of(args);
    if (names.contains("pipelined") || names.contains("roundtrip")) {
      try (Manta manta = Workers.start(1)) {
        if (names.contains("pipelined")) {
          pipelined(Workers.counter(manta, ActorOptions.async()));
        }
        if (names.contains("roundtrip")) {
          roundtrip(Workers.counter(manta, ActorOptions.async()));
        }
      }
    }
    if (names.contains("suspending")) {
      try (Manta manta = Workers.start(2)) {
        ActorRef<Counter> first = Workers.counter(manta, ActorOptions.async());
        suspending(first, Workers.counterBeside(manta, first));
      }
    }
  }

  private static void pipelined(ActorRef<Counter> counter) throws Exception {
    InFlight<ObjectRef<Integer>> inFlight = new InFlight<>();
    Seconds.printRate("pipelined", CALLS,
        () -> inFlight.run(CALLS, () -> counter.call(c -> c.add(5)), ObjectRef::get));
  }

  private static void roundtrip(ActorRef<Counter> counter) throws Exception {
    Seconds.printNanos("roundtrip", ROUNDTRIPS, () -> {
      Thread caller = Thread.startVirtualThread(() -> {
        for (int i = 0; i < ROUNDTRIPS; i++) {
          counter.call(c -> c.add(5)).get();
        }
      });
      caller.join();
    });
  }

  private static void suspending(ActorRef<Counter> first, ActorRef<Counter> second)
      throws Exception {
    InFlight<ObjectRef<Integer>> inFlight = new InFlight<>();
    Seconds.printRate("suspending", CALLS,
        () -> inFlight.run(CALLS, () -> first.call(c -> c.addVia(second, 5)), ObjectRef::get));
  }
}
