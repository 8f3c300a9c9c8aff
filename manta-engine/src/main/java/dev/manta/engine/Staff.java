package dev.manta.engine;

import java.util.List;

/**
 * Starts and ends the worker processes of a driver, whose engine says when. Given to the engine. Any
 * thread; called under monitors of the engine: must not block, and calls nothing of it on that thread.
 */
public interface Staff {
  /** The most workers at once that take any work. */
  int most();

  /** The most processes at once that run one actor or task alone. */
  int mostAlone();

  /** How many tasks a worker runs at once. */
  int cpusOfEach();

  /** The time after which a worker that has nothing to do ends, in nanoseconds. */
  long idleNs();

  /** Has one more worker take any work: {@link Peers#admit} or {@link Peers#noWorkers} follows. */
  void start();

  /**
   * Has a worker take one actor or task alone: {@link Peers#admitAlone} or {@link Peers#noWorkerAlone}
   * follows.
   *
   * @param ticket what it is called there
   * @param jvmOptions of its JVM, besides those that all have
   */
  void startAlone(long ticket, List<String> jvmOptions);

  /** Ends a worker that has nothing to do, and that is given nothing any more. */
  void end(int worker);

  /**
   * Values that are garbage here may keep processes alive that are over: has the collector run, later
   * and not too often.
   */
  void collect();
}
