package dev.manta.cluster.workers;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The time, and the one thread, that a {@link WorkerPool} works with. */
public interface Schedule extends AutoCloseable {
  /** Monotonic time in nanoseconds. */
  long nanoTime();

  /** Runs an action on the thread, after those that were given before; not once it is closed. */
  void execute(Runnable action);

  /** Runs an action on the thread when a time has passed. */
  Timer after(Duration delay, Runnable action);

  /** Ends the thread; what waits is not run. */
  @Override
  void close();

  /** An action that is to run. */
  @FunctionalInterface
  interface Timer {
    /** Has it not run, unless it does already. */
    void cancel();
  }

  /** A schedule in real time on a daemon thread of its own. */
  static Schedule start() {
    var executor =
        new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform()
                .inheritInheritableThreadLocals(false)
                .name("manta-workers")
                .daemon()
                .factory());
    executor.setRemoveOnCancelPolicy(true);
    return new Schedule() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public void execute(Runnable action) {
        try {
          executor.execute(action);
        } catch (RejectedExecutionException e) {
          // closed
        }
      }

      @Override
      public Timer after(Duration delay, Runnable action) {
        try {
          var future = executor.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
          return () -> {
            var _ = future.cancel(false);
          };
        } catch (RejectedExecutionException e) {
          return () -> {};
        }
      }

      @Override
      public void close() {
        var _ = executor.shutdownNow();
      }
    };
  }
}
