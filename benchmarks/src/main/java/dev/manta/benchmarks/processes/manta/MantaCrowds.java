package dev.manta.benchmarks.processes.manta;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.benchmarks.processes.Seconds;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Many calls at once: 5,000 that sleep in an actor, and 50,000 that wait for a stalled one. */
public final class MantaCrowds {
  private static final int SLEEPERS = 5_000;
  private static final int ROUNDS = 3;
  private static final int PENDING = 50_000;
  private static final int WARM_UP = 5_000;
  private static final int COLLECTIONS = 3;
  private static final long STALL_MILLIS = 60_000;

  private MantaCrowds() {}

  /** Prints nanoseconds, and the caller's bytes for each pending call. */
  public static void main(String[] args) {
    List<String> names = List.of(args);
    try (Manta manta = Workers.start(1)) {
      if (names.contains("sleepers")) {
        sleepers(
            Workers.counter(
                manta, ActorOptions.async().maxConcurrency(10_000).maxPendingCalls(PENDING)));
      }
      if (names.contains("pending.time")) {
        pending(manta);
      }
    }
  }

  private static void sleepers(ActorRef<Counter> sleeper) {
    double[] times = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      List<ObjectRef<Integer>> refs = new ArrayList<>(SLEEPERS);
      long startNs = System.nanoTime();
      for (int i = 0; i < SLEEPERS; i++) {
        refs.add(sleeper.call(Counter::sleepASecond));
      }
      int back = 0;
      for (ObjectRef<Integer> ref : refs) {
        back += ref.get(Workers.LIMIT);
      }
      times[round] = System.nanoTime() - startNs;
      if (back != SLEEPERS) {
        throw new AssertionError(back + " calls came back");
      }
    }
    Seconds.print("sleepers", Seconds.median(times));
  }

  private static void pending(Manta manta) {
    ActorOptions options = ActorOptions.async().maxPendingCalls(PENDING + 2);
    ActorRef<Counter> warm = Workers.counter(manta, options);
    List<ObjectRef<Integer>> warmRefs = new ArrayList<>(WARM_UP);
    for (int i = 0; i < WARM_UP; i++) {
      warmRefs.add(warm.call(c -> c.add(5)));
    }
    warmRefs.forEach(ref -> ref.get(Workers.LIMIT));
    warmRefs.clear();
    ActorRef<Counter> stalled = Workers.counter(manta, options);
    var stall = stalled.run(c -> c.stall(STALL_MILLIS));
    List<ObjectRef<Integer>> refs = new ArrayList<>(PENDING);
    long before = memory();
    long startNs = System.nanoTime();
    for (int i = 0; i < PENDING; i++) {
      refs.add(stalled.call(c -> c.add(5)));
    }
    long submitNs = System.nanoTime() - startNs;
    long bytes = memory() - before;
    if (refs.getLast().isDone() || stall.isDone()) {
      throw new AssertionError("the calls did not wait");
    }
    Seconds.print("pending.time", submitNs);
    Seconds.print("pending.memory", bytes / (double) PENDING);
    manta.kill(stalled);
  }

  /** The live objects of this process, and its buffers outside the heap. */
  private static long memory() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      for (var pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
        used += pool.getMemoryUsed();
      }
      least = Math.min(least, used);
    }
    return least;
  }
}
