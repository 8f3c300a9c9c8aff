package dev.manta.cluster.net;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a thread is to do for others, which waits for other things too and has to be woken then. Any thread
 * adds; all else is called by that thread.
 */
final class ActionQueue {
  /*
   * The thread says that it waits, and then looks once more whether there is an action; who adds one, adds it
   * and then looks whether the thread waits. So one of them sees the other, and of several who add, one wakes.
   */
  private final Runnable wake;
  private final ConcurrentLinkedQueue<Runnable> actions = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean waiting = new AtomicBoolean();
  private volatile boolean closed;

  /** @param wake wakes the thread, also if it is only about to wait */
  ActionQueue(Runnable wake) {
    this.wake = wake;
  }

  /** Adds an action; false if it will not be run, because the queue is closed. */
  boolean add(Runnable action) {
    if (closed) {
      return false;
    }
    actions.add(action);
    if (closed && actions.remove(action)) {
      return false;
    }
    if (waiting.get() && waiting.compareAndSet(true, false)) {
      wake.run();
    }
    return true;
  }

  /** Whether there is nothing to do. If so, the thread is woken when there is, until it {@link #goesOn}. */
  boolean mayWait() {
    waiting.set(true);
    if (actions.isEmpty()) {
      return true;
    }
    waiting.set(false);
    return false;
  }

  /** The thread does not wait any more. */
  void goesOn() {
    waiting.set(false);
  }

  /** The next action, or null. */
  @Nullable Runnable poll() {
    return actions.poll();
  }

  /** Takes no more actions; those that were added are to be polled. */
  void close() {
    closed = true;
  }
}
