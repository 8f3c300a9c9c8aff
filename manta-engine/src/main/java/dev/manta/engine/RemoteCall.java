package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A call on an actor of another process. */
final class RemoteCall<T extends @Nullable Object> extends RemoteWork<T> {
  private static final VarHandle TARGET;

  static {
    try {
      TARGET =
          MethodHandles.lookup().findVarHandle(RemoteCall.class, "target", RemoteHandle.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Keeps the actor alive; null when the call no longer counts as pending. */
  private volatile @Nullable RemoteHandle<?> target;

  private final RemoteCell cell;
  private final int group;

  /** The host may refuse it for its limit of pending calls; else it waits there. */
  private final boolean isRefusable;

  RemoteCall(RemoteHandle<?> target, Object function, Parcel parcel, Body body, int group,
      boolean isRefusable) {
    super(target.cell.engine, function, parcel, body);
    this.target = target;
    this.cell = target.cell;
    this.group = group;
    this.isRefusable = isRefusable;
  }

  @Override
  WireWriter head(long id) {
    WireWriter out = new WireWriter(Frames.CALL);
    return out.writeUnsigned(id)
        .writeUnsigned(cell.id)
        .writeUnsigned(group)
        .writeFlag(isRefusable);
  }

  @Override
  void sendAgain() {
    cell.route(this);
  }

  @Override
  void sendAgainFirst() {
    cell.takeBack(this);
  }

  @Override
  boolean isAtItsEnd() {
    return cell.isDead();
  }

  @Override
  void leave() {
    RemoteHandle<?> t = target;
    if (t != null && TARGET.compareAndSet(this, t, null)) {
      cell.pending.leave(size);
    }
  }

  /** Completes it without its having entered. */
  RemoteCall<T> refused(Throwable error) {
    target = null;
    fail(error);
    return this;
  }

  @Override
  boolean runInTurn(Incarnation actor, TurnRunner runner) {
    throw new AssertionError("a call on another process is in no mailbox");
  }

  @Override
  public String toString() {
    return methodName() + " on " + cell.label();
  }
}
