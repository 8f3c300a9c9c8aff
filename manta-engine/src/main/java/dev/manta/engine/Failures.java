package dev.manta.engine;

import dev.manta.MantaException;
import dev.manta.NotExecutedException;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.TaskFailedException;
import org.jspecify.annotations.Nullable;

/** Makes the errors that refs complete with. */
final class Failures {
  private Failures() {}

  static NotExecutedException notExecuted(Reason reason, String work, @Nullable Throwable cause) {
    return new NotExecutedException(
        reason, work + " was not executed: " + words(reason) + detail(cause), cause);
  }

  static OutcomeUnknownException outcomeUnknown(
      Reason reason, String work, @Nullable Throwable cause) {
    return new OutcomeUnknownException(
        reason, work + " may have run: " + words(reason) + detail(cause), cause);
  }

  /** A further attempt did not start, but an earlier one has. */
  static OutcomeUnknownException ranBefore(NotExecutedException last) {
    return new OutcomeUnknownException(
        last.reason(), last.getMessage() + "; an earlier attempt has run", last);
  }

  /** The error of a call on an actor that is dead already. */
  static NotExecutedException died(Work<?> work, Death death) {
    return new NotExecutedException(
        death.reason(), death.message(work.toString(), "was not executed"), death.cause());
  }

  private static String detail(@Nullable Throwable cause) {
    return cause == null ? "" : " (" + cause + ")";
  }

  private static String words(Reason reason) {
    return switch (reason) {
      case CANCELLED -> "it was cancelled";
      case DEADLINE -> "its deadline passed";
      case PENDING_LIMIT -> "the actor has its limit of pending calls";
      case DEPENDENCY_FAILED -> "a ref that it captures failed";
      case DRAINING -> "the Manta was closed";
      case ACTOR_DIED -> "its actor died";
      case WORKER_DIED -> "its worker died";
      case OWNER_DIED -> "the owner of the ref died";
      case NODE_LOST -> "its node was lost";
      case OBJECT_LOST -> "the object is lost";
      case APPLICATION -> "it failed";
      case CODE_MISSING -> "its code is missing";
    };
  }

  /** The error of a call whose code threw: a copy of what it threw, and where it was written. */
  static MantaException application(Work<?> work, Object function, Throwable thrown) {
    if (function instanceof Parcel) {
      return new NotExecutedException(
          Reason.CODE_MISSING, work + " was not executed: " + describe(thrown), thrown);
    }
    TaskFailedException e =
        new TaskFailedException(
            work + " failed: " + describe(thrown), work.engine.copies.throwable(thrown));
    e.setStackTrace(
        new StackTraceElement[]{FunctionShape.of(function).callSiteFrame(function)});
    return e;
  }

  static OutcomeUnknownException objectLost(RuntimeException why) {
    return new OutcomeUnknownException(
        Reason.OBJECT_LOST, "a value is lost: " + describe(why), why);
  }

  /** Work has run, and its result can't be had. */
  static OutcomeUnknownException resultLost(String work, RuntimeException why) {
    return new OutcomeUnknownException(
        Reason.OBJECT_LOST, work + " has run, and its result is lost: " + describe(why), why);
  }

  /** Whether an error says that a value which is to be sent is gone. */
  static boolean isLost(Throwable error) {
    return error instanceof MantaException m && m.reason() == Reason.OBJECT_LOST;
  }

  /** The error that is sent in the place of a result that can't be sent. */
  static MantaException notSent(Ref<?> complete, Throwable cause) {
    if (isLost(cause)) {
      return (MantaException) cause;
    }
    return new TaskFailedException(
        "the result of " + complete + " can't be sent to another process: " + describe(cause),
        new IllegalArgumentException(describe(cause)));
  }

  /** An error in words, also where its own methods throw. */
  static String describe(Throwable thrown) {
    try {
      return thrown.toString();
    } catch (Throwable e) {
      return thrown.getClass().getName() + " (its toString() threw " + e.getClass().getName() + ")";
    }
  }

  /** Whether an error that nobody looked at is told to the user. */
  static boolean isWorthReporting(MantaException e) {
    return e.reason() != Reason.CANCELLED && e.reason() != Reason.DRAINING;
  }
}
