package dev.manta.engine;

import dev.manta.NotExecutedException;
import dev.manta.Reason;
import dev.manta.WhenFull;
import org.jspecify.annotations.Nullable;

/** Where submitted work enters a limit that was reached: its caller waits, or the work is refused. */
abstract class Entrance {
  private final Engine engine;
  private final Pending pending;
  private final String place;

  /**
   * An entrance.
   *
   * @param place what has the limit, in words
   */
  Entrance(Engine engine, Pending pending, String place) {
    this.engine = engine;
    this.pending = pending;
    this.place = place;
  }

  /** Why nobody may enter any more; null while somebody may. */
  abstract @Nullable Throwable closed();

  /** The policy of the current thread: inside calls and tasks nobody waits. */
  static WhenFull policy(WhenFull outside) {
    return Runner.current() != null ? WhenFull.REFUSE : outside;
  }

  /**
   * Enters, waiting for room where the policy says so, at most until the work's deadline.
   *
   * @return null; or why the work is refused
   */
  @Nullable Throwable enter(Work<?> work, int size, WhenFull policy) {
    Throwable closed = closed();
    if (closed != null) {
      return closed;
    }
    if (policy == WhenFull.REFUSE) {
      return limitReached(work, pending, place, "");
    }
    if (EventLoops.isEventLoop(Thread.currentThread())) {
      return limitReached(
          work,
          pending,
          place,
          "; this thread is an event loop, which must not wait: use offer(), or ask for"
              + " WhenFull.REFUSE");
    }
    return await(work, stand(size));
  }

  /** Stands in line for room. */
  Pending.Admission stand(int size) {
    Pending.Admission admission = pending.enterWhenRoom(engine, size);
    Throwable closed = closed();
    if (closed != null) {
      admission.fail(closed);
    }
    return admission;
  }

  /** Stands in line for room, for no longer than until the work's deadline. */
  final Pending.Admission standUntilDeadline(Work<?> work, int size) {
    Pending.Admission admission = stand(size);
    long left = work.deadlineLeftNs();
    if (left < Waits.FOREVER && !admission.isDone()) {
      Host.Timer deadline =
          engine.host.schedule(
              Math.max(0, left),
              () -> admission.fail(
                  Failures.notExecuted(Reason.DEADLINE, work.toString(), null)));
      Waiter end =
          new Waiter() {
            @Override
            void completed(Ref<?> ref) {
              deadline.cancel();
            }
          };
      if (!admission.subscribe(end)) {
        end.completed(admission);
      }
    }
    return admission;
  }

  /** An admission is complete and its call goes on. */
  void entered(Pending.Admission admission) {}

  /** An admission is complete and its call will not be made. */
  void gaveUp(Pending.Admission admission) {
    pending.leave(admission.size);
  }

  private @Nullable Throwable await(Work<?> work, Pending.Admission admission) {
    Host host = engine.host;
    Host.Timer report =
        host.schedule(
            Engine.LONG_PARK_NS,
            () -> host.report("a caller has waited for room in " + place + " for 10 s", null));
    try {
      if (!Waits.within(admission, work.deadlineLeftNs())
          && admission.fail(new IllegalStateException("gave up"))) {
        return Failures.notExecuted(Reason.DEADLINE, work.toString(), null);
      }
      Throwable error = admission.error();
      if (error == null) {
        entered(admission);
      }
      return error;
    } catch (Throwable e) {
      if (!admission.fail(e) && admission.error() == null) {
        gaveUp(admission);
      }
      throw e;
    } finally {
      report.cancel();
    }
  }

  static NotExecutedException limitReached(
      Work<?> work, Pending pending, String place, String more) {
    return new NotExecutedException(
        Reason.PENDING_LIMIT,
        work
            + " was not executed: "
            + place
            + " has its limit of pending work ("
            + (pending.isShut() ? "over all callers"
                : pending.calls() + " of " + pending.maxCalls())
            + ")"
            + more,
        null);
  }
}
