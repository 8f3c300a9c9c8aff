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

  /** Waits until {@code ref} is complete. */
  static void untilDone(Ref<?> ref) {
    /* On the stack of each suspended call, and small enough to become a part of its caller. */
    Runner runner = begin(ref);
    while (runner != null) {
      runner = endOrBegin(ref, runner, runner.suspend());
    }
  }

  /** Begins the first wait for a ref; null if there is none, since the ref is complete. */
  private static @Nullable Runner begin(Ref<?> ref) {
    Runner current = Runner.current();
    throwIfCancelled(current);
    if (current == null ? ref.engine.outside.spinFor(ref) : current.spinFor(ref)) {
      return null;
    }
    Runner runner = enter(ref, current);
    return begin(ref, runner) ? runner : null;
  }

  /** Ends a wait and begins the next; null if there is none. */
  private static @Nullable Runner endOrBegin(Ref<?> ref, Runner runner, boolean interrupted) {
    return end(ref, runner, interrupted) || !begin(ref, runner) ? null : runner;
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
    if (timeoutNs == FOREVER) {
      untilDone(ref);
      return true;
    }
    Runner runner = Runner.current();
    throwIfCancelled(runner);
    return ref.isDone() || within(ref, timeoutNs, enter(ref, runner));
  }

  private static void throwIfCancelled(@Nullable Runner runner) {
    Work<?> work = runner == null ? null : runner.ownWork();
    if (work != null) {
      work.throwIfCancelled();
    }
  }

  /** Makes sure that the thread may wait, as a runner. */
  private static Runner enter(Ref<?> ref, @Nullable Runner current) {
    StackProbe.ensureRoomWhileCold();
    StackProbe.ensureRoom();
    if (current == null) {
      return new ThreadRunner(ref.engine, null, true);
    }
    Work<?> work = current.ownWork();
    if (work != null) {
      work.refuseUnderMonitor();
    }
    return current;
  }

  private static boolean within(Ref<?> ref, long timeoutNs, Runner runner) {
    Host host = runner.host();
    long start = host.nanoTime();
    for (;;) {
      long left = timeoutNs - (host.nanoTime() - start);
      if (left <= 0) {
        return ref.isDone();
      }
      if (!begin(ref, runner)) {
        return true;
      }
      int token = runner.token();
      Host.Timer timer;
      try {
        timer = host.schedule(left, () -> runner.wake(token));
      } catch (Throwable e) {
        breakOff(ref, runner);
        throw e;
      }
      boolean interrupted = runner.suspend();
      timer.cancel();
      if (end(ref, runner, interrupted)) {
        return true;
      }
    }
  }

  /**
   * Begins a wait.
   *
   * @return false if it is not to be waited, since the ref is complete
   */
  private static boolean begin(Ref<?> ref, Runner runner) {
    int token = runner.arm();
    if (!ref.endsWait(runner, token)) {
      if (!runner.disarm(token)) {
        runner.suspend();
      }
      return false;
    }
    Work<?> work = runner.ownWork();
    if (work == null) {
      return true;
    }
    String endless;
    try {
      Extras.sendHeld(work);
      endless = work.beginWait(runner, ref);
    } catch (Throwable e) {
      breakOff(ref, runner);
      throw e;
    }
    if (endless != null && runner.disarm(token)) {
      forget(ref, runner, work);
      throw new dev.manta.EndlessWaitException(endless);
    }
    return true;
  }

  /** The stack or the memory is full: as if the wait had never begun. */
  private static void breakOff(Ref<?> ref, Runner runner) {
    if (!runner.disarm(runner.token())) {
      runner.suspend();
    }
    forget(ref, runner, runner.ownWork());
  }

  private static void forget(Ref<?> ref, Runner runner, @Nullable Work<?> work) {
    if (work != null) {
      work.endWait();
    }
    if (!ref.isDone()) {
      ref.forget(runner, runner.token());
    }
  }

  /**
   * A wait has ended.
   *
   * @param interrupted whether an interrupt was what ended it
   * @return whether the ref is complete; if not, the wait goes on
   */
  private static boolean end(Ref<?> ref, Runner runner, boolean interrupted) {
    Work<?> work = runner.ownWork();
    forget(ref, runner, work);
    if (work != null) {
      work.tell(Events.Kind.RESUMED);
      work.throwIfCancelled();
      if (!ref.isDone()) {
        RemoteWaits.throwIfEndless(work, ref);
      }
    }
    if (interrupted) {
      if (!ref.isDone() && work != null && work.isCancelRequested()) {
        throw new CancellationException(work + " was cancelled"); // told by the interrupt
      }
      Thread.currentThread().interrupt();
      if (!ref.isDone()) {
        throw new GetInterruptedException(
            "the thread was interrupted while it waited for " + ref + "; the call goes on");
      }
    }
    return ref.isDone();
  }

  /** Lets the others that wait for the turn go first. */
  static void yieldTurn(Runner runner) {
    Work<?> work = runner.ownWork();
    if (work != null) {
      work.throwIfCancelled();
      work.refuseUnderMonitor();
      Extras.sendHeld(work);
    }
    StackProbe.ensureRoom();
    int token = runner.arm();
    runner.yields();
    runner.wake(token);
    if (runner.suspend()) {
      Thread.currentThread().interrupt();
    }
    if (work != null) {
      work.throwIfCancelled();
    }
  }
}
