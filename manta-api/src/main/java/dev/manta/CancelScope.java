package dev.manta;

/** How far the cancellation of a call reaches. */
public enum CancelScope {
  /** The call, and recursively every call and task that it started and that has not ended. */
  WITH_CHILDREN,
  /** The call alone; what it started goes on. */
  THIS_CALL
}
