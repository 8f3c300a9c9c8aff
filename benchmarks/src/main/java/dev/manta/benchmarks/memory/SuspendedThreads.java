package dev.manta.benchmarks.memory;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** The peer of {@link SuspendedCalls}: a million virtual threads wait for a future. */
public final class SuspendedThreads {
  private static final int THREADS = 1_000_000;

  private SuspendedThreads() {}

  /** Prints the heap in bytes, and the time to start and to resume all threads in nanoseconds. */
  @SuppressWarnings("ThreadPriorityCheck") // waits for all to be inside
  public static void main(String[] args) {
    CompletableFuture<Integer> opened = new CompletableFuture<>();
    AtomicInteger inside = new AtomicInteger();
    long before = Heap.used();
    @SuppressWarnings({"unchecked", "rawtypes"}) CompletableFuture<Integer>[] results =
        new CompletableFuture[THREADS];
    long startNs = System.nanoTime();
    for (int i = 0; i < THREADS; i++) {
      CompletableFuture<Integer> result = new CompletableFuture<>();
      results[i] = result;
      Thread.startVirtualThread(() -> {
        inside.incrementAndGet();
        result.complete(opened.join());
      });
    }
    while (inside.get() != THREADS) {
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
    if (sum != THREADS) {
      throw new AssertionError(sum + " threads came back");
    }
    System.out.println("heap " + heap);
    System.out.println("time " + (startedNs + resumedNs));
  }
}
