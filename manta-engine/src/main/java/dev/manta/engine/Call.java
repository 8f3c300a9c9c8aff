package dev.manta.engine;

import dev.manta.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A call on an actor. In the mailbox it stands for its start; after that for its end. */
final class Call<T extends @Nullable Object> extends Work<T> {
  private static final VarHandle TARGET;

  static {
    try {
      TARGET = MethodHandles.lookup().findVarHandle(Call.class, "target", ActorHandle.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Keeps the actor alive; null when the call no longer counts as pending. */
  private volatile @Nullable ActorHandle<?> target;

  /** The index of its concurrency group. */
  final int group;

  /** The bytes of its arguments. */
  final int size;

  /* The links of the list in which it is, guarded by the incarnation's monitor. */
  @Nullable Call<?> before;
  @Nullable Call<?> after;
  @Nullable CallList list;

  Call(ActorHandle<?> target, Object function, Body body, int group, int size) {
    super(target.cell.engine, function, body);
    this.target = target;
    this.group = group;
    this.size = size;
  }

  @Override
  boolean runInTurn(Incarnation actor, TurnRunner runner) {
    actor.start(this, runner);
    return true;
  }

  /** The construction of an actor: not pending, and not for anybody to wait for. */
  Call(ActorCell cell, Body.Internal code) {
    super(cell.engine, code, Body.INTERNAL);
    this.group = 0;
    this.size = 0;
    step(WAITING, QUEUED);
    markSeen();
  }

  /** Completes it without its having entered. */
  Call<T> refused(Throwable error) {
    target = null;
    fail(error);
    return this;
  }

  @Override
  boolean asksToStop(Reason reason, boolean withChildren) {
    return false;
  }

  @Override
  void takeBack() {
    if (step(WAITING, DROPPED) || step(QUEUED, DROPPED)) {
      leave();
      fail(Failures.notExecuted(Reason.CANCELLED, toString(), null));
    }
  }

  @Nullable ActorHandle<?> target() {
    return target;
  }

  @Override
  void droppedWhileWaiting() {
    leave();
  }

  @Override
  void droppedWhileQueued() {
    ActorHandle<?> t = target;
    if (t != null) {
      t.cell.purge(this);
    }
  }

  /** Counts no longer as pending; once, by whoever is first. */
  void leave() {
    ActorHandle<?> t = target;
    if (t != null && TARGET.compareAndSet(this, t, null)) {
      t.cell.pending.leave(size);
    }
  }

  /**
   * Leaves and completes in a turn of the actor's first life: in one step that others may contend for,
   * where the two take three.
   */
  void leaveAndComplete(@Nullable Object value) {
    ActorHandle<?> t = target;
    if (t == null || size > 0 || isRetried()) {
      leave();
      complete(value);
      return;
    }
    Pending pending = t.cell.pending;
    pending.leaveInTurn(); // before it is complete: whoever sees that may find no room else
    try {
      if (complete(value)) {
        TARGET.setRelease(this, null); // a kill that comes now sees that it has ended: leaveDead()
      } else if (!TARGET.compareAndSet(this, t, null)) {
        pending.leftTwice();
      }
    } finally {
      pending.admitWaiting();
    }
  }

  /** Whether another attempt may stand for it, so that it may be complete and not be. */
  private boolean isRetried() {
    Extras e = extrasOrNull();
    return e != null && e.pristine != null;
  }

  /** Leaves, after what killed its actor has completed it, unless its turn has. */
  void leaveDead() {
    if (phase() != ENDED) {
      leave();
    }
  }

  @Override
  void beginsToWait() {
    ActorHandle<?> t = target;
    if (t != null && runner() instanceof TurnRunner r) {
      r.actor.link(this);
      Object code = function;
      if (code != null) {
        r.name(this, code, true);
      }
    }
  }

  @Override
  void refuseUnderMonitor() {
    ActorHandle<?> t = target;
    Incarnation actor = t == null ? null : t.cell.current();
    Object instance = actor == null ? null : actor.instance;
    if (instance != null && actor != null && actor.hasTurns() && Thread.holdsLock(instance)) {
      throw new IllegalStateException(
          this
              + " waits while it holds the monitor of its actor, so that no other call could enter:"
              + " remove `synchronized` (turns are atomic between await points), or wait outside");
    }
  }

  @Override
  String threadName(Object code) {
    ActorHandle<?> t = target;
    String actor = t == null ? "actor" : t.cell.label();
    return body == Body.INTERNAL ? actor : FunctionShape.of(code).threadName(actor, code);
  }

  @Override
  public String toString() {
    ActorHandle<?> t = target;
    return methodName() + (t == null ? "" : " on " + t.cell.label());
  }
}
