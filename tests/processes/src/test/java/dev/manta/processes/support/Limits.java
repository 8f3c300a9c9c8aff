package dev.manta.processes.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How long these tests wait for what must happen. */
public final class Limits {
  /** The one tolerance of these tests for what must happen soon on a busy machine. */
  public static final Duration TOLERANCE = Duration.ofSeconds(20);

  private static final long POLL_NS = 2_000_000;

  private Limits() {}

  /** Returns as soon as a condition that has no event holds; fails when it does not in time. */
  public static void until(String what, BooleanSupplier condition) {
    within(TOLERANCE, what, condition);
  }

  /** As {@link #until}, within another time. */
  public static void within(Duration limit, String what, BooleanSupplier condition) {
    long endNs = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - endNs > 0) {
        throw new AssertionError("within " + limit + " it never came: " + what);
      }
      LockSupport.parkNanos(POLL_NS);
    }
  }
}
