package dev.manta.engine;

/**
 * What callers write with each call, on a cache line of its own: turns write what is in {@link Pending}
 * with each call that ends, on another core.
 */
abstract class PendingEntrance extends Padding {
  final int maxCalls;

  /** How many have entered. */
  volatile long entered;

  /** How many had left when a caller looked last: no more than have. */
  long leftAtLeast;

  /** Somebody stands in line: {@link Pending}'s line, for callers to see. */
  volatile boolean awaited;

  PendingEntrance(int maxCalls) {
    this.maxCalls = maxCalls;
  }
}
