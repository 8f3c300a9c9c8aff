package dev.manta.benchmarks.memory;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** The peer of {@link SuspendedCalls}: a million virtual threads wait for a future. */
public final class SuspendedThreads {
  private static final int THREADS = 1_000_000;
  private static final int WARM_UPS = 3;

  private SuspendedThreads() {}

  /**
   * Prints the heap in bytes, and the time to start and to resume all threads in nanoseconds.
   *
   * @param args how many threads wait and go on beforehand; none for the first million of a new JVM
   */
  public static void main(String[] args) {
    int warmUp = args.length == 0 ? 0 : Integer.parseInt(args[0]);
    for (int i = 0; warmUp > 0 && i < WARM_UPS; i++) {
      measure(warmUp);
    }
    long[] heapAndTime = measure(THREADS);
    System.out.println("heap " + heapAndTime[0]);
    System.out.println("time " + heapAndTime[1]);
  }

  @SuppressWarnings("ThreadPriorityCheck") // waits for all to be inside
  private static long[] measure(int threads) {
    CompletableFuture<Integer> opened = new CompletableFuture<>();
    AtomicInteger inside = new AtomicInteger();
    long before = Heap.used();
    @SuppressWarnings({"unchecked", "rawtypes"}) CompletableFuture<Integer>[] results =
        new CompletableFuture[threads];
    long startNs = System.nanoTime();
    for (int i = 0; i < threads; i++) {
      CompletableFuture<Integer> result = new CompletableFuture<>();
      results[i] = result;
      Thread.startVirtualThread(() -> {
        inside.incrementAndGet();
        result.complete(opened.join());
      });
    }
    while (inside.get() != threads) {
      Thread.yield();
    }
    long startedNs = System.nanoTime() - startNs;
    long heap = Heap.used() - before;
    long openNs = System.nanoTime();
    opened.complete(1);
    long sum = 0;
    for (CompletableFuture<Integer> result : results) {
      sum += result.join();
    }
    long resumedNs = System.nanoTime() - openNs;
    if (sum != threads) {
      throw new AssertionError(sum + " threads came back");
    }
    return new long[]{heap, startedNs + resumedNs};
  }
}
