package dev.manta.engine;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Resources that work takes, in ten-thousandths, so that fractions add up.
 *
 * @param cpu CPUs
 * @param custom custom resources; none of them zero
 * @param thread whether it takes one of the threads for tasks
 */
record Needs(long cpu, Map<String, Long> custom, boolean thread) {
  static final Needs NOTHING = new Needs(0, Map.of(), false);
  private static final double UNITS = 10_000;

  @Override
  public boolean equals(@Nullable Object o) {
    return o == this
        || (o instanceof Needs n && n.cpu == cpu && n.thread == thread && n.custom.equals(custom));
  }

  /* Of the CPUs alone: it is computed with each task. */
  @Override
  public int hashCode() {
    return Long.hashCode(cpu);
  }

  static long units(double amount) {
    return Math.round(amount * UNITS);
  }

  static double amount(long units) {
    return units / UNITS;
  }

  boolean isNothing() {
    return cpu == 0 && custom.isEmpty() && !thread;
  }

  /** The part that work gives back while it waits. */
  Needs cpuOnly() {
    return new Needs(cpu, Map.of(), false);
  }
}
