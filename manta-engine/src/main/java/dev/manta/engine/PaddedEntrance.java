package dev.manta.engine;

/** A {@link PendingEntrance} and a cache line after it: what turns write comes behind it. */
@SuppressWarnings("UnusedVariable")
abstract class PaddedEntrance extends PendingEntrance {
  private long a, b, c, d, e, f, g;

  PaddedEntrance(int maxCalls) {
    super(maxCalls);
  }
}
