package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A call on an actor of another process. */
final class RemoteCall<T extends @Nullable Object> extends RemoteWork<T> {
  /* How a call asks for room: it may go back to its caller, or may be refused, or has room already. */
  static final int WAITS = 0;
  static final int MAY_BE_REFUSED = 1;
  static final int HAS_CREDIT = 2;

  private static final VarHandle TARGET;
  private static final VarHandle CREDIT;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      TARGET = lookup.findVarHandle(RemoteCall.class, "target", RemoteHandle.class);
      CREDIT = lookup.findVarHandle(RemoteCall.class, "credit", Peer.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Keeps the actor alive; null when the call no longer counts as pending. */
  private volatile @Nullable RemoteHandle<?> target;

  /** Its place among the calls of its process on that actor. Set before it is sent. */
  long place;

  private final RemoteCell cell;
  private final int group;

  /** Where there is no room for it, it fails; else it waits in this process. */
  private final boolean isRefusable;

  /** The process that keeps room for it; null if none does, or it was sent. */
  private volatile @Nullable Peer credit;

  /** It was sent by that. Only who sends it. */
  private boolean usesCredit;

  RemoteCall(RemoteHandle<?> target, Object function, Parcel parcel, Body body, int group,
      boolean isRefusable) {
    super(target.cell.engine, function, parcel, body);
    this.target = target;
    this.cell = target.cell;
    this.group = group;
    this.isRefusable = isRefusable;
  }

  /** A process keeps room for it. */
  void credit(@Nullable Peer by) {
    credit = by;
  }

  boolean hasCredit() {
    return credit != null;
  }

  /** It does not need the room any more that is kept for it. */
  void giveCreditBack() {
    Peer by = credit == null ? null : (Peer) CREDIT.getAndSet(this, null);
    if (by != null) {
      Grants.giveBack(by, cell.id, 1, size);
    }
  }

  @Override
  WireWriter head(Peer to, long id) {
    usesCredit = credit != null && CREDIT.getAndSet(this, null) == to;
    WireWriter out = new WireWriter(Frames.CALL);
    out.writeUnsigned(id).writeUnsigned(cell.id).writeUnsigned(group);
    if (usesCredit) {
      return out.writeByte(HAS_CREDIT).writeUnsigned(size);
    }
    return out.writeByte(isRefusable ? MAY_BE_REFUSED : WAITS);
  }

  @Override
  void unsent(Peer to) {
    if (usesCredit) {
      Grants.giveBack(to, cell.id, 1, size);
    }
  }

  /** Its host had no room for it. */
  void returned(Peer from) {
    cell.returned(comesBack() ? this : null, from);
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
  boolean isRunAgainForItsResult() {
    return false; // its actor may live, and would have it twice
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
    giveCreditBack();
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
