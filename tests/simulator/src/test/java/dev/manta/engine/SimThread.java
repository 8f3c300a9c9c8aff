package dev.manta.engine;

import java.util.concurrent.locks.LockSupport;

/** A thread that runs only while the {@link Scheduler} lets it. Its state is the scheduler's. */
final class SimThread {
  /** What keeps a thread from running. */
  enum State {
    READY,
    RUNNING,
    PARKED,
    BLOCKED,
    SLEEPING,
    ENDED
  }

  final int number;

  /** The process whose it is. */
  final int process;

  final String name;
  final Thread thread;
  State state = State.READY;

  /** A park returns at once. */
  boolean permit;

  boolean interrupted;

  /** What it is blocked on. */
  Object monitor;

  private boolean begun;
  private volatile boolean released;

  SimThread(int number, int process, String name, Runnable body) {
    this.number = number;
    this.process = process;
    this.name = name;
    this.thread = Thread.ofVirtual().name(name).unstarted(body);
  }

  /** Lets it run; the caller then stops. */
  void release() {
    if (begun) {
      released = true;
      LockSupport.unpark(thread);
    } else {
      begun = true;
      thread.start();
    }
  }

  /** By the thread itself: stops until it is let go. */
  void awaitRelease() {
    while (!released) {
      LockSupport.park(this);
    }
    released = false;
  }

  @Override
  public String toString() {
    return name + "/" + number + (process == 0 ? "" : " of process " + process) + " " + state;
  }
}
