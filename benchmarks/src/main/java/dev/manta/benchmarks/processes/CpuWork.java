package dev.manta.benchmarks.processes;

/** Work for a processor, some milliseconds of it, which needs no memory. */
public final class CpuWork {
  /** The pieces of work of one run of a measurement. */
  public static final int BATCH = 40;

  private static final int STEPS = 10_000_000;

  private CpuWork() {}

  /** A number that can't be had without the work. */
  public static long hash(long seed) {
    long hash = seed;
    for (int i = 0; i < STEPS; i++) {
      hash = (hash ^ (hash >>> 29)) * 0xbf58476d1ce4e5b9L + i;
    }
    return hash;
  }
}
