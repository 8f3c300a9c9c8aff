package dev.manta.engine;

/** How long is waited before something that has ended its process again and again is tried again. */
final class Backoff {
  private static final long FIRST_NS = 100_000_000;
  private static final long LONGEST_NS = 10_000_000_000L;

  private Backoff() {}

  /** After so many deaths in a row: nothing after the first, then 0.1 s, twice that, ... up to 10 s. */
  static long delayNs(int deaths) {
    return deaths < 2 ? 0 : Math.min(LONGEST_NS, FIRST_NS << Math.min(deaths - 2, 16));
  }
}
