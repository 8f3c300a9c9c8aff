package dev.manta.benchmarks;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Keeps a fixed number of calls in flight from one thread: before a call is submitted, the one that
 * many earlier is waited for, and counted.
 *
 * @param <F> the future of a call
 */
public final class InFlight<F> {
  /** As many as the table of figures says. */
  public static final int CALLS = 1_000;

  private final Object[] ring = new Object[CALLS];

  /**
   * Makes calls, and returns the sum of their results.
   *
   * @param count how many; a multiple of {@link #CALLS}
   */
  @SuppressWarnings("unchecked")
  public long run(int count, Supplier<F> call, Function<F, Integer> result) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      int slot = i % CALLS;
      if (i >= CALLS) {
        sum += result.apply((F) ring[slot]);
      }
      ring[slot] = call.get();
    }
    for (Object last : ring) {
      sum += result.apply((F) last);
    }
    return sum;
  }
}
