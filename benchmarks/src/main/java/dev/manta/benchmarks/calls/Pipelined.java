package dev.manta.benchmarks.calls;

import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.benchmarks.InFlight;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** {@code call.local.pipelined}: calls that do not wait, 1,000 in flight from one thread. */
public class Pipelined {
  private static final int CALLS = 100_000;

  /** A Manta with one actor. */
  @State(Scope.Benchmark)
  public static class MantaState {
    private final InFlight<ObjectRef<Integer>> inFlight = new InFlight<>();
    private Manta manta;
    private ActorRef<Counter> counter;

    /** Starts it. */
    @Setup
    public void start() {
      manta = Manta.start();
      counter = Counter.in(manta);
    }

    /** Ends it. */
    @TearDown
    public void close() {
      manta.close();
    }
  }

  /** Manta. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public long manta(MantaState state) {
    ActorRef<Counter> counter = state.counter;
    return state.inFlight.run(CALLS, () -> counter.call(c -> c.add(5)), ObjectRef::get);
  }

  /** Pekko's typed ask. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public long pekkoTyped(PekkoTyped pekko) {
    return pekko.inFlight.run(CALLS, pekko::ask, f -> f.toCompletableFuture().join());
  }

  /** Pekko's classic ask. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public long pekkoClassic(PekkoClassic pekko) {
    return pekko.inFlight.run(CALLS, pekko::ask, f -> (Integer) f.toCompletableFuture().join());
  }
}
