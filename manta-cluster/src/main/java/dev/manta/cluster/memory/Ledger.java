package dev.manta.cluster.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one process by what they are for, and the segments that wait to be recycled. All is
 * guarded by this; nothing here touches a file.
 */
final class Ledger {
  /**
   * Mapped for writing at once: a process may have 65,530 mappings by default, and threads and the
   * heap need some.
   */
  static final int MAX_KEPT = 8_192;

  /** How often a wait looks for room that other processes made. */
  private static final long LOOK_MS = 10;

  private final StoreLimits limits;
  private final TreeMap<Long, ArrayDeque<Segment>> free = new TreeMap<>();

  private long used;
  private long recycled;
  private long unlinked;
  private long spilled;
  private int kept;
  private boolean closed;

  private boolean asked;
  private long askedUntilNs;

  Ledger(StoreLimits limits) {
    this.limits = limits;
  }

  /** A free segment of the right size, which is used from now on. */
  synchronized @Nullable Segment take(long capacity) {
    Map.Entry<Long, ArrayDeque<Segment>> entry = free.ceilingEntry(capacity);
    if (entry == null || entry.getKey() > capacity + capacity / 4) {
      return null;
    }
    Segment segment = entry.getValue().removeLast();
    if (entry.getValue().isEmpty()) {
      free.remove(entry.getKey());
    }
    recycled -= segment.capacity;
    used += segment.capacity;
    return segment;
  }

  /** Keeps a used segment for the next object, if there may be another free one. */
  synchronized boolean offer(Segment segment) {
    if (closed || recycled + segment.capacity > limits.recycledBytes()) {
      return false;
    }
    free.computeIfAbsent(segment.capacity, c -> new ArrayDeque<>()).add(segment);
    used -= segment.capacity;
    recycled += segment.capacity;
    notifyAll();
    return true;
  }

  /**
   * Room for a new segment in memory.
   *
   * @return the free segments that must go first, whose room it takes; null if there is no room
   */
  synchronized @Nullable List<Segment> reserve(long capacity) {
    long excess = excess(capacity);
    if (excess > recycled) {
      return null;
    }
    List<Segment> gone = trim(excess);
    used += capacity;
    return gone;
  }

  private long excess(long capacity) {
    return used + recycled + unlinked + capacity - limits.memoryBytes();
  }

  /** Takes free segments away, the largest first, until there were enough bytes. */
  synchronized List<Segment> trim(long bytes) {
    List<Segment> gone = new ArrayList<>();
    for (long left = bytes; left > 0 && !free.isEmpty();) {
      Map.Entry<Long, ArrayDeque<Segment>> largest = free.lastEntry();
      Segment segment = largest.getValue().removeFirst();
      if (largest.getValue().isEmpty()) {
        free.remove(largest.getKey());
      }
      recycled -= segment.capacity;
      left -= segment.capacity;
      gone.add(segment);
    }
    return gone;
  }

  synchronized boolean reserveSpill(long capacity) {
    if (spilled + capacity > limits.spillBytes()) {
      return false;
    }
    spilled += capacity;
    return true;
  }

  /** Used or spilled bytes are given back. */
  synchronized void release(long capacity, boolean onDisk) {
    if (onDisk) {
      spilled -= capacity;
    } else {
      used -= capacity;
    }
    notifyAll();
  }

  /** A segment has lost its name and is counted until its readers are gone. */
  synchronized void unlink(Segment segment) {
    if (!segment.spilled) {
      used -= segment.capacity;
      unlinked += segment.capacity;
    }
  }

  synchronized void unlinkedGone(Segment segment) {
    if (segment.spilled) {
      spilled -= segment.capacity;
    } else {
      unlinked -= segment.capacity;
    }
    notifyAll();
  }

  /** Whether another segment may stay mapped for writing. */
  synchronized boolean keep() {
    if (kept == MAX_KEPT) {
      return false;
    }
    kept++;
    return true;
  }

  synchronized void keepNoMore() {
    kept--;
  }

  /** Whether seven eighths of the memory are in use and holders were not asked a moment ago. */
  synchronized boolean askNearLimit() {
    long now = System.nanoTime();
    if (used + unlinked < limits.memoryBytes() / 8 * 7
        || (asked && now - askedUntilNs < limits.pressurePause().toNanos())) {
      return false;
    }
    asked = true;
    askedUntilNs = now + limits.pressureWait().toNanos();
    return true;
  }

  /**
   * Asks for room, unless that was done a moment ago, and waits for it.
   *
   * @param ask asks those who hold objects
   * @param room whether the file system has room
   * @return whether there may be room now
   */
  boolean relieve(long capacity, Runnable ask, BooleanSupplier room) {
    long untilNs;
    boolean first;
    synchronized (this) {
      long now = System.nanoTime();
      long pauseNs = limits.pressurePause().toNanos();
      if (asked && now - askedUntilNs > 0 && now - askedUntilNs < pauseNs) {
        return false;
      }
      first = !asked || now - askedUntilNs > 0;
      if (first) {
        asked = true;
        askedUntilNs = now + limits.pressureWait().toNanos();
      }
      untilNs = askedUntilNs;
    }
    if (first) {
      ask.run();
    }
    return awaitRoom(capacity, room, untilNs);
  }

  private synchronized boolean awaitRoom(long capacity, BooleanSupplier room, long untilNs) {
    while (excess(capacity) > recycled || !room.getAsBoolean()) {
      long leftNs = untilNs - System.nanoTime();
      if (leftNs <= 0) {
        return false;
      }
      try {
        wait(Math.clamp(TimeUnit.NANOSECONDS.toMillis(leftNs), 1, LOOK_MS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  /** Nothing is kept for recycling from now on. */
  synchronized void close() {
    closed = true;
  }

  synchronized StoreUsage usage(int mappings) {
    return new StoreUsage(used, recycled, unlinked, spilled, mappings, limits);
  }
}
