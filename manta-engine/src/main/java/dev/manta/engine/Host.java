package dev.manta.engine;

import org.jspecify.annotations.Nullable;

/**
 * What the engine is given by where it runs: threads, time and reports. The engine has none of its
 * own, so that it also runs under a simulator.
 */
public interface Host {
  /** Monotonic time in nanoseconds, as {@link System#nanoTime}. */
  long nanoTime();

  /**
   * Starts a thread that runs turns of an actor: a virtual one, or a platform one where the actor
   * has dedicated threads.
   */
  Thread startTurns(String name, boolean dedicated, Runnable body);

  /** Starts a platform thread that runs tasks. */
  Thread startTasks(String name, Runnable body);

  /** Runs code on a virtual thread of its own: continuations, and blocking code off a turn. */
  Thread startVirtual(String name, Runnable body);

  /** Parks the current thread until it is unparked or interrupted; may return for no reason. */
  void park();

  /** Makes a thread's current or next {@link #park} return. */
  void unpark(Thread thread);

  /** Lets other threads of the same kind run. */
  void yieldThread();

  /**
   * Runs an action after a delay, on a platform thread that it must not block.
   *
   * @param delayNs in nanoseconds; zero or less is at once
   */
  Timer schedule(long delayNs, Runnable action);

  /** Runs an action some time after {@code token} has become unreachable. */
  void whenUnreachable(Object token, Runnable action);

  /** Who records what happens; the same for the life of the host. */
  default Events events() {
    return Events.NONE;
  }

  /** Which version of a class this is: equal in two processes if it is the same; 0 if that is not known. */
  default long versionOf(Class<?> type) {
    return 0;
  }

  /**
   * The code of a call or task was told that there is no memory left. Where the JVM is the user's own,
   * the call alone fails; a worker ends, and does not return.
   */
  default void outOfMemory(OutOfMemoryError error) {}

  /** Tells the user of something that no call can tell: goes to the log. Must not throw. */
  void report(String message, @Nullable Throwable cause);

  /** A scheduled action. */
  @FunctionalInterface
  interface Timer {
    /** The action will not run, unless it is running already. */
    void cancel();
  }
}
