package dev.manta.engine;

import java.util.Comparator;
import java.util.PriorityQueue;

/** The clock and what waits for it, in order of time and then of arrival. */
final class VirtualTime {
  /** Something to be done at a time. */
  static final class Entry {
    final long due;
    final long delay;
    final long number;
    final Runnable action;

    private Entry(long due, long delay, long number, Runnable action) {
      this.due = due;
      this.delay = delay;
      this.number = number;
      this.action = action;
    }
  }

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(
          Comparator.<Entry>comparingLong(e -> e.due).thenComparingLong(e -> e.number));
  private long now;
  private long numbers;

  long now() {
    return now;
  }

  Entry add(long delay, Runnable action) {
    Entry entry = new Entry(now + Math.max(0, delay), delay, numbers++, action);
    entries.add(entry);
    return entry;
  }

  void remove(Entry entry) {
    entries.remove(entry);
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  boolean hasDue() {
    return !entries.isEmpty() && entries.peek().due <= now;
  }

  /** The next one whose time has come; null if there is none. */
  Entry pollDue() {
    return hasDue() ? entries.poll() : null;
  }

  long next() {
    return entries.isEmpty() ? Long.MAX_VALUE : entries.peek().due;
  }

  void advanceTo(long time) {
    now = Math.max(now, time);
  }
}
