package dev.manta.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Has the JVM's collector run, which does not feel memory off its heap: on a thread of its own, and with
 * a pause after each run, however often it is asked.
 */
final class Collector {
  private final long pauseNs;
  private boolean running;
  private boolean asked;

  /** Which pauses for so long. */
  Collector(Duration pause) {
    pauseNs = pause.toNanos();
  }

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
      LockSupport.parkNanos(pauseNs);
    }
  }

  private synchronized boolean isAsked() {
    running = asked;
    asked = false;
    return running;
  }
}
