package dev.manta.engine;

import dev.manta.CancelScope;
import dev.manta.MantaException;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.Reason;
import java.util.ArrayList;
import java.util.List;

/** What is checked while a program runs. */
final class Checks {
  private Checks() {}

  /** The code of a submission starts. */
  static void started(World world, Submission s, Submission.Run run) {
    if (s.ref != null && error(s) instanceof NotExecutedException e) {
      world.violated(s + " runs and was told as not executed: " + e);
    }
    if (world.scheduler.now() > s.deadlineAt && s.submittedAt < s.deadlineAt) {
      world.violated(s + " starts after its deadline");
    }
    if (s.order != null && run.attempt == 1 && isOrdered(world, s) && !s.order.starts(s.place)) {
      world.violated(s + " starts before an earlier call of the same handle");
    }
  }

  private static boolean isOrdered(World world, Submission s) {
    return switch (world.program.actors().get(s.op.actor()).options().kind()) {
      case SERIAL -> true;
      case ASYNC -> s.op.dependencies().isEmpty();
      case THREADED -> false;
    };
  }

  static Throwable error(Submission s) {
    return s.ref.raw() instanceof Ref.Failure f ? f.error : null;
  }

  /** Captured refs are complete when the code starts. */
  static void ready(ObjectRef<?> a, ObjectRef<?> b) {
    if (!a.isDone() || (b != null && !b.isDone())) {
      World.current.violated("a call started before the ref that it captured was complete");
    }
  }

  static boolean mayBeRunAgain(World world, Submission s) {
    return s.op.retries() > 0
        || (!s.op.isTask()
            && world.program.actors().get(s.op.actor()).options().retries() > 0);
  }

  /** Code is told that it is cancelled. */
  static void cancelSeen(World world, Submission s) {
    if (s.ref != null && !s.ref.isDone() && !mayBeRunAgain(world, s)) {
      world.violated(s + " is told that it is cancelled, and its ref is not complete");
    }
  }

  /** Code has passed an await point without being told to end, by an interrupt neither. */
  static void goesOn(World world, Submission s) {
    if (s.cancelledAt >= 0
        && s.cancelledAt < world.scheduler.now()
        && !world.scheduler.running().interrupted) {
      world.violated(s + " was cancelled, and its code not told");
    }
  }

  /** Code that waited since {@code since} is told that it is cancelled. */
  static void toldInTime(World world, Submission s, SimActor actor, long since) {
    if (s.cancelledAt >= since
        && s.cancelledAt < world.scheduler.now()
        && s.cancelledAt > actor.computedUntil) {
      world.violated(s + " was cancelled while it waited, and told late");
    }
  }

  /** Has it counted how often the completion of a ref is told. */
  static void watch(Submission s) {
    s.lookedAt = true;
    s.told = 0;
    boolean subscribed =
        s.ref.subscribe(
            new Waiter() {
              @Override
              void completed(Ref<?> ref) {
                s.told++;
              }
            });
    if (!subscribed) {
      s.told = 1;
    }
  }

  static void cancel(World world, Submission s, CancelScope scope) {
    List<Submission> children = runningChildren(s);
    boolean wasDone = s.ref.isDone();
    boolean cancelled = s.ref.cancel(scope);
    if (!s.ref.isDone()) {
      world.violated(s + " is not complete after its cancel");
    }
    if (cancelled && (wasDone || !(error(s) instanceof MantaException e)
        || e.reason() != Reason.CANCELLED)) {
      world.violated("the cancel of " + s + " is said to have taken effect");
    }
    if (cancelled && !mayBeRunAgain(world, s)) {
      s.cancelledAt = world.scheduler.now();
      children.retainAll(runningChildren(s));
      for (Submission child : children) {
        if (scope == CancelScope.WITH_CHILDREN && !child.ref.isDone()) {
          world.violated(child + " goes on although " + s + " was cancelled");
        }
      }
    }
  }

  /** What was submitted by the code of {@code s} that runs now. */
  private static List<Submission> runningChildren(Submission s) {
    List<Submission> children = new ArrayList<>();
    for (Submission.Run run : s.runs) {
      for (Submission child : run.children) {
        if (!run.ended && child.ref != null) {
          children.add(child);
        }
      }
    }
    return children;
  }

  /** After a close every ref is complete. */
  static void closed(World world) {
    world.closed = true;
    for (Submission s : List.copyOf(world.submissions)) {
      if (s.ref != null && !s.ref.isDone()) {
        world.violated(s + " is not complete after the close");
      }
    }
  }
}
