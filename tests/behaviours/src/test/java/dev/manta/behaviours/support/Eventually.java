package dev.manta.behaviours.support;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what has no event of its own, such as a counter that another thread gives back. */
public final class Eventually {
  /** The one tolerance of these tests for what must happen soon on a busy machine. */
  public static final Duration TOLERANCE = Duration.ofSeconds(20);

  private Eventually() {}

  /** Returns as soon as the condition holds; fails when it does not within the tolerance. */
  public static void until(String what, BooleanSupplier condition) {
    long endNs = System.nanoTime() + TOLERANCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - endNs > 0) {
        throw new AssertionError("within " + TOLERANCE + " it never came: " + what);
      }
      Thread.onSpinWait();
      Thread.yield();
    }
  }
}
