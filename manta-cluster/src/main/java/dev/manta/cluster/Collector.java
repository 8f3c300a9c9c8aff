package dev.manta.cluster;

import java.util.concurrent.locks.LockSupport;

/**
 * Has the JVM's collector run, which does not feel memory off its heap: on a thread of its own, and not
 * more than ten times a second however often it is asked.
 */
final class Collector {
  private static final long PAUSE_NS = 100_000_000;

  private boolean running;
  private boolean asked;

  /** Has it run after this has begun; returns at once. */
  void collect() {
    synchronized (this) {
      asked = true;
      if (running) {
        return;
      }
      running = true;
    }
    Thread.ofPlatform()
        .inheritInheritableThreadLocals(false)
        .name("manta-collect")
        .daemon()
        .start(this::run);
  }

  @SuppressWarnings("GarbageCollector") // that is what this is for
  private void run() {
    while (isAsked()) {
      System.gc();
      LockSupport.parkNanos(PAUSE_NS);
    }
  }

  private synchronized boolean isAsked() {
    running = asked;
    asked = false;
    return running;
  }
}
