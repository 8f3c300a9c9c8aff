package dev.manta.benchmarks.memory;

import java.lang.management.ManagementFactory;

/** What the live objects of this JVM occupy. */
final class Heap {
  private static final int COLLECTIONS = 3;

  private Heap() {}

  /** In bytes, after full collections. */
  static long used() {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return used;
  }
}
