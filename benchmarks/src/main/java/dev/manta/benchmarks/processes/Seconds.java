package dev.manta.benchmarks.processes;

import java.util.Arrays;

/**
 * Measures rates in a program of its own: the best second of a few counts, as with the embedded
 * benchmarks, since a shared machine is slow for seconds at a time.
 */
public final class Seconds {
  private static final long WARM_UP_NS = 2_000_000_000L;
  private static final int WINDOWS = 3;
  private static final double WINDOW_NS = 1e9;

  private Seconds() {}

  /** Work that is done again and again. */
  @FunctionalInterface
  public interface Work {
    /** Does some operations. */
    void run() throws Exception;
  }

  /**
   * Operations a second.
   *
   * @param operations what one run of the work does
   */
  public static double bestRate(int operations, Work work) throws Exception {
    long startNs = System.nanoTime();
    while (System.nanoTime() - startNs < WARM_UP_NS) {
      work.run();
    }
    double best = 0;
    for (int i = 0; i < WINDOWS; i++) {
      long windowNs = System.nanoTime();
      long done = 0;
      double passed = 0;
      while (passed < WINDOW_NS) {
        work.run();
        done += operations;
        passed = System.nanoTime() - windowNs;
      }
      best = Math.max(best, done / passed * 1e9);
    }
    return best;
  }

  /** Prints a rate. */
  public static void printRate(String name, int operations, Work work) throws Exception {
    print(name, bestRate(operations, work));
  }

  /** Prints the nanoseconds of an operation. */
  public static void printNanos(String name, int operations, Work work) throws Exception {
    print(name, 1e9 / bestRate(operations, work));
  }

  /** Prints a line that the harness reads. */
  public static void print(String name, double figure) {
    System.out.println(name + " " + Math.round(figure));
  }

  /** The value in the middle. */
  public static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
