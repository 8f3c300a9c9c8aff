package dev.manta.cluster.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Which objects this process maps, and how often each. */
final class Mappings {
  /** A process may have 65,530 mappings by default; half of them are for objects. */
  static final int MAX = 32_768;

  private static final long COLLECT_NS = TimeUnit.SECONDS.toNanos(1);

  private final Consumer<Stored> gone;
  private final Map<Stored, Integer> counts = new HashMap<>();
  private int total;

  /** @param gone is told of an object whose last mapping has gone */
  Mappings(Consumer<Stored> gone) {
    this.gone = gone;
  }

  /** Counts a mapping that is about to be made. */
  synchronized void enter(Stored stored) {
    if (total >= MAX) {
      awaitCollection();
    }
    total++;
    counts.merge(stored, 1, Integer::sum);
  }

  /** Views that nobody can reach any more are no reason for the collector to look for them. */
  private void awaitCollection() {
    System.gc();
    long start = System.nanoTime();
    while (total >= MAX) {
      long leftNs = COLLECT_NS - (System.nanoTime() - start);
      if (leftNs <= 0) {
        throw new StoreFullException("This process already maps " + total
            + " objects, which is the limit. Let go of some, or take arrays, which are copies",
            null);
      }
      try {
        wait(TimeUnit.NANOSECONDS.toMillis(leftNs) + 1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StoreFullException("Interrupted in the wait for one of " + total
            + " mappings of this process to go", e);
      }
    }
  }

  void leave(Stored stored) {
    boolean last;
    synchronized (this) {
      total--;
      last = counts.merge(stored, -1, (a, b) -> a + b == 0 ? null : a + b) == null;
      notifyAll();
    }
    if (last) {
      gone.accept(stored);
    }
  }

  synchronized int total() {
    return total;
  }
}
