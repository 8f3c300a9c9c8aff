package dev.manta.engine;

/** A turn and a cache line after it: what callers read with each call comes behind it. */
@SuppressWarnings("UnusedVariable")
abstract class PaddedTurn extends Turn {
  private int gap;
  private long a, b, c, d, e, f, g;
}
