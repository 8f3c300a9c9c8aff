package dev.manta.benchmarks.processes.manta;

import dev.manta.Manta;
import dev.manta.benchmarks.processes.Seconds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Light requests of this process, one a millisecond, while heavy work runs: on two threads of this
 * JVM, or in two workers. The time of a request counts from when it was due.
 */
public final class LightRequests {
  private static final int WARM_UP = 2_000;
  private static final int REQUESTS = 6_000;
  private static final long PERIOD_NS = 1_000_000;
  private static final int HEAVY = 2;
  private static final int WORDS = 200_000;
  private static final int LIGHT_STEPS = 20_000;

  private LightRequests() {}

  /** Starts the heavy work again and again until it is told to stop. */
  @FunctionalInterface
  private interface Heavy {
    void once() throws Exception;
  }

  /** Prints the 99th percentile in nanoseconds. */
  public static void main(String[] args) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(HEAVY)) {
      Seconds.print("threads", p99(() -> threads.submit(LightRequests::sortWords).get()));
    }
    try (Manta manta = Workers.start(HEAVY)) {
      Seconds.print("processes", p99(() -> manta.submit(LightRequests::sortWords).get()));
    }
  }

  private static double p99(Heavy heavy) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> drivers = new ArrayList<>();
    for (int i = 0; i < HEAVY; i++) {
      drivers.add(Thread.startVirtualThread(() -> {
        while (!over.get()) {
          try {
            heavy.once();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        }
      }));
    }
    try {
      return requests();
    } finally {
      over.set(true);
      for (Thread driver : drivers) {
        driver.join();
      }
    }
  }

  private static double requests() throws InterruptedException {
    double[] times = new double[REQUESTS];
    List<Thread> requests = new ArrayList<>();
    long startNs = System.nanoTime();
    for (int i = -WARM_UP; i < REQUESTS; i++) {
      int number = i;
      long dueNs = startNs + (i + WARM_UP) * PERIOD_NS;
      while (System.nanoTime() - dueNs < 0) {
        LockSupport.parkNanos(dueNs - System.nanoTime());
      }
      requests.add(Thread.startVirtualThread(() -> {
        long hash = light(number);
        if (number >= 0) {
          times[number] = System.nanoTime() - dueNs + (hash & 1);
        }
      }));
    }
    for (Thread request : requests) {
      request.join();
    }
    Arrays.sort(times);
    return times[REQUESTS * 99 / 100];
  }

  private static long light(long seed) {
    long hash = seed;
    for (int i = 0; i < LIGHT_STEPS; i++) {
      hash = hash * 31 + i;
    }
    return hash;
  }

  /** Heavy work that needs a processor and makes garbage. */
  private static int sortWords() {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < WORDS; i++) {
      words.add(Integer.toString(i * 31, 36));
    }
    Collections.sort(words);
    return words.getFirst().length();
  }
}
