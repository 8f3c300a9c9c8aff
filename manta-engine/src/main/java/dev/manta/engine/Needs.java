package dev.manta.engine;

import java.util.Map;

/**
 * Resources that work takes, in ten-thousandths, so that fractions add up.
 *
 * @param cpu CPUs
 * @param custom custom resources; none of them zero
 */
record Needs(long cpu, Map<String, Long> custom) {
  static final Needs NOTHING = new Needs(0, Map.of());
  private static final double UNITS = 10_000;

  static long units(double amount) {
    return Math.round(amount * UNITS);
  }

  static double amount(long units) {
    return units / UNITS;
  }

  boolean isNothing() {
    return cpu == 0 && custom.isEmpty();
  }

  /** The part that work gives back while it waits. */
  Needs cpuOnly() {
    return custom.isEmpty() ? this : new Needs(cpu, Map.of());
  }
}
