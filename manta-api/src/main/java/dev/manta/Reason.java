package dev.manta;

/** Why a call failed, where the application's own error is not the reason. */
public enum Reason {
  /* Other processes know them by their order: new ones come last. */

  /** The code of the call threw; the error's cause is that exception. */
  APPLICATION,
  /** The actor was killed, has ended, or its constructor failed (then that error is the cause). */
  ACTOR_DIED,
  /** The worker process that ran the call ended. */
  WORKER_DIED,
  /** The process that owned the ref ended. */
  OWNER_DIED,
  /** The node that ran the call was lost. */
  NODE_LOST,
  /** The actor had its limit of pending calls or bytes. */
  PENDING_LIMIT,
  /** The deadline of the call, or of a call that started it, passed. */
  DEADLINE,
  /** The call, or a call that started it, was cancelled. */
  CANCELLED,
  /** A value is gone and can't be computed again. */
  OBJECT_LOST,
  /** The Manta was closed, or the process that should run the call was draining. */
  DRAINING,
  /** A captured ref failed; its error is the cause. */
  DEPENDENCY_FAILED,
  /** The process that should run the code lacks it, has another version, or can't read a value. */
  CODE_MISSING
}
