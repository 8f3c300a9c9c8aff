package dev.manta.benchmarks.calls;

import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.benchmarks.InFlight;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** {@code task.local}: tasks that do nothing, 1,000 in flight. */
public class NoOpTasks {
  private static final int TASKS = 100_000;

  /** A Manta. */
  @State(Scope.Benchmark)
  public static class MantaState {
    private final InFlight<ObjectRef<Integer>> inFlight = new InFlight<>();
    private Manta manta;

    /** Starts it. */
    @Setup
    public void start() {
      manta = Manta.start();
    }

    /** Ends it. */
    @TearDown
    public void close() {
      manta.close();
    }
  }

  /** A pool with as many threads as there are CPUs. */
  @State(Scope.Benchmark)
  public static class Pool {
    private final InFlight<CompletableFuture<Integer>> inFlight = new InFlight<>();
    private ExecutorService threads;

    /** Starts it. */
    @Setup
    public void start() {
      threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    }

    /** Ends it. */
    @TearDown
    public void close() {
      threads.close();
    }
  }

  /** Manta. */
  @Benchmark
  @OperationsPerInvocation(TASKS)
  public long manta(MantaState state) {
    Manta manta = state.manta;
    return state.inFlight.run(TASKS, () -> manta.submit(() -> 1), ObjectRef::get);
  }

  /** {@code CompletableFuture.supplyAsync}. */
  @Benchmark
  @OperationsPerInvocation(TASKS)
  public long pool(Pool pool) {
    return pool.inFlight.run(
        TASKS, () -> CompletableFuture.supplyAsync(() -> 1, pool.threads), CompletableFuture::join);
  }
}
