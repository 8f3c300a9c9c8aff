package dev.manta.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** One concurrency group of an incarnation: its limit, and the calls that wait for a place in it. */
class GroupState {
  private static final VarHandle STARTED;

  static {
    try {
      STARTED = MethodHandles.lookup().findVarHandle(GroupState.class, "started", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final int max;

  /** Started and not finished. Changed in turns; read by anybody, a little late. */
  private volatile int started;

  /** Waiting for a place, oldest first. Guarded by the incarnation. */
  final CallList deferred;

  GroupState(Incarnation owner, int max) {
    this.max = max;
    this.deferred = new CallList(owner);
  }

  int started() {
    return started;
  }

  /** Counts a call that starts, or ends (-1). In a turn, by which all writes are ordered. */
  int count(int calls) {
    int now = (int) STARTED.getOpaque(this) + calls;
    STARTED.setRelease(this, now);
    return now;
  }
}
