package dev.manta.benchmarks.calls;

import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.benchmarks.InFlight;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** {@code call.local.suspending}: each call waits for a call of another actor; 1,000 in flight. */
public class Suspending {
  private static final int CALLS = 50_000;

  /** A Manta with two actors. */
  @State(Scope.Benchmark)
  public static class MantaState {
    private final InFlight<ObjectRef<Integer>> inFlight = new InFlight<>();
    private Manta manta;
    private ActorRef<Counter> first;
    private ActorRef<Counter> second;

    /** Starts it. */
    @Setup
    public void start() {
      manta = Manta.start();
      first = Counter.in(manta);
      second = Counter.in(manta);
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
    ActorRef<Counter> first = state.first;
    ActorRef<Counter> second = state.second;
    return state.inFlight.run(
        CALLS, () -> first.call(c -> c.addVia(second, 5)), ObjectRef::get);
  }

  /**
   * The same by hand: a virtual thread for each call, a lock for each actor's state, a future for
   * each wait.
   */
  @State(Scope.Benchmark)
  public static class ByHand {
    private final InFlight<CompletableFuture<Integer>> inFlight = new InFlight<>();
    private final LockedCounter first = new LockedCounter();
    private final LockedCounter second = new LockedCounter();
  }

  private static final class LockedCounter {
    private final ReentrantLock lock = new ReentrantLock();
    private int value;

    int add(int amount) {
      lock.lock();
      try {
        value += amount;
        return value;
      } finally {
        lock.unlock();
      }
    }

    CompletableFuture<Integer> call(int amount) {
      CompletableFuture<Integer> result = new CompletableFuture<>();
      Thread.startVirtualThread(() -> result.complete(add(amount)));
      return result;
    }

    CompletableFuture<Integer> callVia(LockedCounter other, int amount) {
      CompletableFuture<Integer> result = new CompletableFuture<>();
      Thread.startVirtualThread(() -> {
        add(amount);
        int theirs = other.call(amount).join();
        result.complete(add(theirs & 1));
      });
      return result;
    }
  }

  /** Virtual threads, locks and futures. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public long byHand(ByHand state) {
    return state.inFlight.run(
        CALLS, () -> state.first.callVia(state.second, 5), CompletableFuture::join);
  }
}
