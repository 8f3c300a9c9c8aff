package dev.manta.benchmarks.calls;

import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.benchmarks.InFlight;
import dev.manta.benchmarks.calls.Counter.Order;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * {@code call.local.copy}: a call with a record of a mutable list of ten strings, against a plain
 * call and a round trip of the codec, which {@code put} and {@code get} are.
 */
public class Copy {
  private static final int CALLS = 100_000;

  /** A Manta with one actor. */
  @State(Scope.Benchmark)
  public static class MantaState {
    private final InFlight<ObjectRef<Integer>> inFlight = new InFlight<>();
    private final Order order = Order.ofTenLines();
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

  /** The call. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public long call(MantaState state) {
    ActorRef<Counter> counter = state.counter;
    Order order = state.order;
    return state.inFlight.run(CALLS, () -> counter.call(c -> c.count(order)), ObjectRef::get);
  }

  /** A call without anything to copy. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public long plainCall(MantaState state) {
    ActorRef<Counter> counter = state.counter;
    return state.inFlight.run(CALLS, () -> counter.call(c -> c.add(10)), ObjectRef::get);
  }

  /** There and back through the codec. */
  @Benchmark
  public Order codec(MantaState state) {
    return state.manta.put(state.order).get();
  }
}
