package dev.manta.simulator;

import java.util.List;

/**
 * What came of one run.
 *
 * @param seed what it was made from
 * @param failure the first promise that did not hold; null if all did
 * @param trace a digest of every switch between threads and every step of time
 * @param steps the points at which a switch could have been
 * @param log what happened, where that was asked for
 */
public record Report(long seed, String failure, long trace, long steps, List<String> log) {
  boolean failed() {
    return failure != null;
  }

  /** The failure with everything that led to it. */
  String story() {
    return "seed " + seed + ": " + failure + "\nreplay: -Dsimulator.seed=" + seed + "\n"
        + String.join("\n", log);
  }
}
