package dev.manta.engine;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What waits for the clock, in order of time and then of arrival. */
final class VirtualTime {
  /** What all that wait for it look at. */
  static final class Clock {
    private long now;

    long now() {
      return now;
    }

    void advanceTo(long time) {
      now = Math.max(now, time);
    }
  }

  /** Something to be done at a time. */
  final class Entry {
    final Runnable action;
    private final long due;
    private final long number;

    private Entry(long due, long number, Runnable action) {
      this.due = due;
      this.number = number;
      this.action = action;
    }

    void cancel() {
      entries.remove(this);
    }
  }

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(
          Comparator.<Entry>comparingLong(e -> e.due).thenComparingLong(e -> e.number));
  private final Clock clock;
  private long numbers;

  VirtualTime(Clock clock) {
    this.clock = clock;
  }

  Entry add(long delay, Runnable action) {
    Entry entry = new Entry(clock.now() + Math.max(0, delay), numbers++, action);
    entries.add(entry);
    return entry;
  }

  /** What is to be done, in no order. */
  Iterable<Entry> entries() {
    return entries;
  }

  boolean hasDue() {
    return !entries.isEmpty() && entries.peek().due <= clock.now();
  }

  /** The next one whose time has come; null if there is none. */
  Entry pollDue() {
    return hasDue() ? entries.poll() : null;
  }

  long next() {
    return entries.isEmpty() ? Long.MAX_VALUE : entries.peek().due;
  }
}
