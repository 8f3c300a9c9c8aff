package dev.manta.cluster.workers;

import java.time.Duration;

/**
 * How a {@link WorkerPool} behaves.
 *
 * @param wanted workers that may stay though nobody uses them, besides the one spare
 * @param most the most processes at a time
 * @param mostStarting the most that start at a time: a JVM that starts keeps two cores busy, and more
 *     of them than there are cores for would all be late
 * @param idleLimit how long a worker more than those stays unused
 * @param startLimit how long a worker may take until it is ready, before it is ended
 * @param grace how long a worker may drain before it is ended
 * @param firstSpareDelay how long the first spare waits once a worker is taken, so as not to take the
 *     cores from it
 */
public record PoolSettings(
    int wanted,
    int most,
    int mostStarting,
    Duration idleLimit,
    Duration startLimit,
    Duration grace,
    Duration firstSpareDelay) {
  public PoolSettings {
    if (wanted < 1 || most < wanted || mostStarting < 1) {
      throw new IllegalArgumentException(
          "At least 1 worker, and at most as many as are allowed: wanted %d, most %d, starting %d"
              .formatted(wanted, most, mostStarting));
    }
  }

  /** The usual ones. */
  public static PoolSettings of(int wanted) {
    return new PoolSettings(
        wanted,
        2 * wanted + WorkerPool.SPARES + WorkerPool.MOST_ALONE,
        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
        Duration.ofMinutes(1),
        Duration.ofMinutes(1),
        Duration.ofSeconds(10),
        Duration.ofMillis(200));
  }
}
