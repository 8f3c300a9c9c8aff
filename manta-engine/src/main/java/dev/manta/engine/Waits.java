package dev.manta.engine;

import dev.manta.GetInterruptedException;
import dev.manta.GetTimeoutException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** How threads wait: the await points. */
final class Waits {
  static final long FOREVER = Long.MAX_VALUE;

  private Waits() {}

  /** A time as nanoseconds; refuses negative ones. */
  static long nanos(Duration time) {
    java.util.Objects.requireNonNull(time, "time");
    if (time.isNegative()) {
      throw new IllegalArgumentException("a time must not be negative: " + time);
    }
    try {
      return time.toNanos();
    } catch (ArithmeticException e) {
      return FOREVER;
    }
  }

  /**
   * Waits until {@code ref} is complete.
   *
   * @throws GetTimeoutException after {@code timeoutNs}
   */
  static void untilDone(Ref<?> ref, long timeoutNs) {
    if (!within(ref, timeoutNs)) {
      throw new GetTimeoutException(
          "no result of " + ref + " within " + Duration.ofNanos(timeoutNs) + "; the call goes on");
    }
  }

  /** Waits until {@code ref} is complete; false if the time is up before. */
  static boolean within(Ref<?> ref, long timeoutNs) {
    Runner runner = Runner.current();
    if (runner == null) {
      return ref.isDone() || within(ref, timeoutNs, new ThreadRunner(ref.engine, null, true));
    }
    Work<?> work = runner.ownWork();
    if (work != null) {
      work.throwIfCancelled();
    }
    return ref.isDone() || within(ref, timeoutNs, runner);
  }

  private static boolean within(Ref<?> ref, long timeoutNs, Runner runner) {
    StackProbe.ensureRoomWhileCold();
    StackProbe.ensureRoom();
    Host host = runner.host;
    Work<?> work = runner.ownWork();
    if (work != null) {
      work.refuseUnderMonitor();
    }
    long start = timeoutNs == FOREVER ? 0 : host.nanoTime();
    for (;;) {
      if (ref.isDone()) {
        return true;
      }
      long left = timeoutNs == FOREVER ? FOREVER : timeoutNs - (host.nanoTime() - start);
      if (left <= 0) {
        return false;
      }
      int token = runner.arm();
      Wake wake = new Wake(runner, token);
      if (!ref.subscribe(wake)) {
        if (!runner.disarm(token)) {
          runner.suspend(token);
        }
        return true;
      }
      Host.Timer timer = null;
      String endless = null;
      try {
        timer = left == FOREVER ? null : host.schedule(left, () -> runner.wake(token));
        endless = work == null ? null : work.beginWait(runner, ref);
      } catch (Throwable e) { // the stack or the memory is full: as if the wait had never begun
        if (!runner.disarm(token)) {
          runner.suspend(token);
        }
        end(ref, wake, work, timer);
        throw e;
      }
      if (endless != null) {
        runner.wake(token);
      }
      boolean interrupted = runner.suspend(token);
      end(ref, wake, work, timer);
      if (work != null) {
        work.tell(Events.Kind.RESUMED);
      }
      if (work != null) {
        work.throwIfCancelled();
      }
      if (ref.isDone()) {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return true;
      }
      if (endless != null) {
        throw new dev.manta.EndlessWaitException(endless);
      }
      if (interrupted && work != null && work.isCancelRequested()) {
        throw new CancellationException(work + " was cancelled"); // told by the interrupt
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
        throw new GetInterruptedException(
            "the thread was interrupted while it waited for " + ref + "; the call goes on");
      }
    }
  }

  private static void end(
      Ref<?> ref, Wake wake, @Nullable Work<?> work, Host.@Nullable Timer timer) {
    if (work != null) {
      work.endWait();
    }
    if (timer != null) {
      timer.cancel();
    }
    if (!ref.isDone()) {
      ref.abandon(wake);
    }
  }

  /** Lets the others that wait for the turn go first. */
  static void yieldTurn(Runner runner) {
    Work<?> work = runner.ownWork();
    if (work != null) {
      work.throwIfCancelled();
      work.refuseUnderMonitor();
    }
    StackProbe.ensureRoom();
    int token = runner.arm();
    runner.wake(token);
    if (runner.suspend(token)) {
      Thread.currentThread().interrupt();
    }
    if (work != null) {
      work.throwIfCancelled();
    }
  }

  /** Wakes a runner when a ref completes. */
  private static final class Wake extends Waiter {
    private final Runner runner;
    private final int token;

    Wake(Runner runner, int token) {
      this.runner = runner;
      this.token = token;
    }

    @Override
    void completed(Ref<?> ref) {
      runner.wake(token);
    }
  }
}
