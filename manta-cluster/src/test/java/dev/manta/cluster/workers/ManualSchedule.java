package dev.manta.cluster.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A schedule whose time a test moves; its thread is real. */
final class ManualSchedule implements Schedule {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("manual").daemon().factory());
  private final List<Entry> entries = new ArrayList<>();
  private final LinkedBlockingQueue<Duration> delays = new LinkedBlockingQueue<>();
  private long nowNs = Long.MAX_VALUE - 1; // overflows in the first nanoseconds

  private record Entry(long timeNs, Runnable action) {}

  @Override
  public long nanoTime() {
    synchronized (entries) {
      return nowNs;
    }
  }

  @Override
  public void execute(Runnable action) {
    if (!thread.isShutdown()) {
      thread.execute(action);
    }
  }

  @Override
  public Timer after(Duration delay, Runnable action) {
    Entry entry;
    synchronized (entries) {
      entry = new Entry(nowNs + delay.toNanos(), action);
      entries.add(entry);
    }
    delays.add(delay);
    return () -> {
      synchronized (entries) {
        entries.remove(entry);
      }
    };
  }

  /** Waits until an action is to run after this time, from when it is scheduled. */
  void awaitDelay(Duration expected) throws InterruptedException {
    var seen = new ArrayList<Duration>();
    do {
      var delay = delays.poll(Waits.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
      assertThat(delay).as("delays %s", seen).isNotNull();
      seen.add(delay);
    } while (!seen.getLast().equals(expected));
  }

  /** Moves the time, and runs what is due on the thread. */
  void advance(Duration time) throws Exception {
    Waits.get(CompletableFuture.runAsync(() -> {
      synchronized (entries) {
        nowNs += time.toNanos();
      }
      due().forEach(entry -> entry.action.run());
    }, thread));
    settle();
  }

  private List<Entry> due() {
    synchronized (entries) {
      var due = entries.stream()
          .filter(entry -> entry.timeNs - nowNs <= 0)
          .sorted(Comparator.comparingLong(entry -> entry.timeNs - nowNs))
          .toList();
      entries.removeAll(due);
      return due;
    }
  }

  /** Returns when all that was given to the thread has run. */
  void settle() throws Exception {
    Waits.get(CompletableFuture.runAsync(() -> {}, thread));
  }

  @Override
  public void close() {
    var _ = thread.shutdownNow();
  }
}
