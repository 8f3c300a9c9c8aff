package dev.manta.examples.support;

import java.util.Arrays;
import java.util.Locale;

/** The times that requests took, in nanoseconds. Immutable. */
public final class Latencies {
  private final long[] sortedNs;

  /** Takes a copy. */
  public Latencies(long[] latenciesNs) {
    sortedNs = latenciesNs.clone();
    Arrays.sort(sortedNs);
  }

  /** How many there are. */
  public int count() {
    return sortedNs.length;
  }

  /** The time within which {@code percent} of the requests were answered; 0 if there are none. */
  public double millis(double percent) {
    int rank = (int) Math.ceil(sortedNs.length * percent / 100);
    return rank == 0 ? 0 : sortedNs[rank - 1] / 1e6;
  }

  /** The mean in seconds; 0 if there are none. */
  public double meanSeconds() {
    return Arrays.stream(sortedNs).average().orElse(0) / 1e9;
  }

  /** As in {@code 12 / 31 / 58 ms}. */
  public String p50p95p99() {
    return String.format(
        Locale.ROOT, "%.0f / %.0f / %.0f ms", millis(50), millis(95), millis(99));
  }
}
