package dev.manta.cluster.workers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How workers have fared at their start, and what follows for the next one: it waits longer the
 * more of them died early, and after some that never became ready it is not tried. Not
 * thread-safe.
 */
final class StartHistory {
  static final Duration FIRST_DELAY = Duration.ofMillis(100);
  static final Duration LONGEST_DELAY = Duration.ofSeconds(10);
  static final int MOST_DEATHS = 3;

  /** A worker that lives as long was no failure of its start. */
  static final Duration LONG_LIFE = Duration.ofSeconds(1);

  private static final int KEPT_DEATHS = 10;

  /** What was said of each that died before it was ready, since the last one that became it. */
  private final ArrayList<String> deaths = new ArrayList<>();
  private int earlyDeaths;
  private boolean gaveUp;
  private long noStartBeforeNs;

  StartHistory(long nowNs) {
    noStartBeforeNs = nowNs;
  }

  void diedAtStart(String what, long nowNs) {
    if (deaths.size() < KEPT_DEATHS) {
      deaths.add(what);
    }
    diedEarly(nowNs);
  }

  void becameReady() {
    deaths.clear();
  }

  /** A worker died that nobody had asked to end. */
  void diedReady(Duration life, long nowNs) {
    if (life.compareTo(LONG_LIFE) < 0) {
      diedEarly(nowNs);
    } else {
      earlyDeaths = 0;
    }
  }

  private void diedEarly(long nowNs) {
    earlyDeaths++;
    noStartBeforeNs = nowNs + delay(earlyDeaths).toNanos();
  }

  private static Duration delay(int deaths) {
    int doublings = Math.min(deaths - 1, 16);
    var delay = FIRST_DELAY.multipliedBy(1L << doublings);
    return delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY;
  }

  /** Whether workers died early of late, so that one after the other is tried. */
  boolean isBad() {
    return earlyDeaths > 0;
  }

  Duration delay(long nowNs) {
    return Duration.ofNanos(Math.max(0, noStartBeforeNs - nowNs));
  }

  boolean isHopeless() {
    return deaths.size() >= MOST_DEATHS;
  }

  boolean gaveUp() {
    return gaveUp;
  }

  /** No more is tried until somebody needs a worker; returns what happened. */
  WorkerStartException giveUp() {
    gaveUp = true;
    return new WorkerStartException(List.copyOf(deaths));
  }

  /** Somebody needs a worker: as many are tried as before, but the delays go on. */
  void tryAgain() {
    if (gaveUp) {
      gaveUp = false;
      deaths.clear();
    }
  }
}
