package dev.manta;

/** How far the cancellation of a call reaches. */
public enum CancelScope {
  /** The call, and recursively every call and task that it started and that has not ended. */
  WITH_CHILDREN,
  /** The call alone; what it started goes on. */
  THIS_CALL,
  /**
   * As {@link #WITH_CHILDREN}; and if the code of the call has begun, the worker process that runs it is
   * ended, for code that does not end by itself. All else that this process has is treated as after its
   * death. Only for a call or task that another process runs ({@link LocalOptions#processes}).
   */
  FORCE
}
