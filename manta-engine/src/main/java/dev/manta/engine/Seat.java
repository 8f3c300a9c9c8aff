package dev.manta.engine;

/**
 * A worker as the driver hands it tasks: as many as it has CPUs, and some more where tasks are so short
 * that it would wait for the next. Guarded by {@link RemoteTasks}.
 */
final class Seat {
  /** How much work, in time, may stand behind what a worker runs. */
  private static final long AHEAD_NS = 1_000_000;

  private static final int MAX_AHEAD = 512;
  private static final int SMOOTHING = 8;

  final Peer worker;
  final int cpus;

  /** Tasks that it has. */
  int tasks;

  /** Those of them that wait, and have given their CPU back. */
  int waiting;

  private long lastEndNs;
  private long averageNs = Long.MAX_VALUE / SMOOTHING;

  /** How many of those it has had that are spread; of no meaning but beside other seats. */
  long spread;

  Seat(Peer worker, int cpus, long nowNs) {
    this.worker = worker;
    this.cpus = cpus;
    lastEndNs = nowNs;
  }

  /** Whether it had nothing to do for a time. */
  boolean isIdle(long forNs, long nowNs) {
    return tasks == 0 && nowNs - lastEndNs >= forNs;
  }

  /** How many more tasks it may have; zero or less is none. */
  int room() {
    return cpus + waiting + ahead() - tasks;
  }

  private int ahead() {
    return (int) Math.min(MAX_AHEAD, AHEAD_NS / Math.max(1, averageNs));
  }

  void begins(long nowNs) {
    if (tasks++ == 0) {
      lastEndNs = nowNs;
    }
  }

  void ends(long nowNs) {
    tasks--;
    long took = Math.max(1, (nowNs - lastEndNs) * cpus);
    lastEndNs = nowNs;
    averageNs =
        took >= AHEAD_NS ? took
            : (Math.min(averageNs, AHEAD_NS) * (SMOOTHING - 1) + took) / SMOOTHING;
  }
}
