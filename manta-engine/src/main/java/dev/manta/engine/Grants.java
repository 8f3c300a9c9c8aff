package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireException;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * What a process that calls an actor of this one was granted of the room for pending calls. There is
 * one from the first call that went back for lack of room until nothing of that process waits. Its
 * monitor is a leaf.
 */
final class Grants {
  /** So many calls are asked for at once, at most. */
  static final int MAX_ASKED = 256;

  /* What a frame ROOM says. */
  static final int ASK = 0;
  static final int FENCE = 1;
  static final int OPEN = 2;
  static final int BACK = 3;

  private final Peer caller;
  private final ActorCell cell;

  /** Since a call went back, all do which have no credit, so that none overtakes it. */
  private boolean returns;

  /** How many calls went back, but for those of which the caller had heard when it last opened. */
  private long wentBack;

  /** A call went back of which the caller had not heard when it last asked. */
  private boolean unheard;

  /** The sizes of the calls that it asks for; null while it does not. */
  private int @Nullable [] asked;

  private Pending.@Nullable Admission place;

  /** What it has been granted, and has neither used nor given back. */
  private int calls;

  private long bytes;

  /** The process is gone. */
  private boolean over;

  /** The actor is dead: what was granted does not count any more. */
  private boolean isVoid;

  Grants(Peer caller, ActorCell cell) {
    this.caller = caller;
    this.cell = cell;
  }

  // ---- what a caller says

  static WireWriter room(long actor, int kind) {
    return new WireWriter(Frames.ROOM).writeUnsigned(actor).writeByte(kind);
  }

  /** Room has come for an actor of which nothing waits here any more, not even its cell. */
  static void nothingWaits(Peer host, long actor, int calls, long bytes) {
    giveBack(host, actor, calls, bytes);
    host.send(room(actor, OPEN).writeUnsigned(Long.MAX_VALUE));
  }

  /** Room that a host has granted is not needed. */
  static void giveBack(Peer host, long actor, int calls, long bytes) {
    if (calls > 0) {
      host.send(room(actor, BACK).writeUnsigned(calls).writeUnsigned(bytes));
    }
  }

  // ---- calls that come

  /** Whether a call without credit is to go back. */
  synchronized boolean returns() {
    return returns;
  }

  /** Whether others of its process wait for room, so that a call may not go before them. */
  synchronized boolean isAwaited() {
    return unheard || asked != null || calls > 0;
  }

  /** Sends a call back. */
  void sendBack(long call) {
    synchronized (this) {
      returns = true;
      unheard = true;
      wentBack++;
    }
    WireWriter out = new WireWriter(Frames.RETURNED);
    out.writeUnsigned(call);
    caller.send(out);
  }

  /** A call has come by credit: it has entered; false if it has not, since the actor is dead. */
  boolean use(long size) {
    boolean entered = take(1, size);
    forgetIfIdle();
    return entered;
  }

  private synchronized boolean take(int calls, long bytes) {
    if (isVoid) {
      return false;
    }
    if (calls > this.calls || bytes > this.bytes || (calls == this.calls && bytes != this.bytes)) {
      throw new WireException("more room is used than was granted");
    }
    this.calls -= calls;
    this.bytes -= bytes;
    return true;
  }

  // ---- what its process says

  /** Reads the sizes of calls for which room is asked. */
  static int[] readSizes(WireReader in) {
    int[] sizes = new int[in.readCount(MAX_ASKED)];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = in.readInt(Integer.MAX_VALUE);
    }
    if (sizes.length == 0) {
      throw new WireException("room for no call is asked");
    }
    return sizes;
  }

  /**
   * Its first calls that wait have these sizes.
   *
   * @param heard how many calls have come back to it since it last opened
   */
  void ask(long heard, int[] sizes) {
    for (int size : sizes) {
      if (size > cell.pending.maxBytes()) {
        throw new WireException("room is asked for more bytes than there will be");
      }
    }
    Pending.Admission first;
    synchronized (this) {
      if (asked != null) {
        throw new WireException("room is asked for twice");
      }
      asked = sizes;
      unheard = heard < wentBack;
      returns = true;
    }
    first = cell.pending.enterWhenRoom(cell.engine, sizes[0]);
    Waiter end =
        new Waiter() {
          @Override
          void completed(Ref<?> ref) {
            admitted(ref.error() != null, sizes);
          }
        };
    if (!first.subscribe(end)) {
      end.completed(first);
      return;
    }
    boolean late;
    synchronized (this) {
      place = first;
      late = over;
    }
    Death death = cell.end();
    if (late || death != null) {
      first.fail(new IllegalStateException("nobody will enter"));
    }
  }

  /** There is room for the first call, which has entered; or the actor is dead. */
  private void admitted(boolean isDead, int[] sizes) {
    int n = isDead ? sizes.length : 1;
    while (n < sizes.length && cell.pending.tryEnter(sizes[n])) {
      n++;
    }
    long all = 0;
    for (int i = 0; i < n; i++) {
      all += sizes[i];
    }
    boolean late;
    boolean counts;
    synchronized (this) {
      asked = null;
      place = null;
      late = over;
      counts = !late && !isVoid && !isDead;
      if (counts) {
        calls += n;
        bytes += all;
      }
    }
    if (!late) {
      grant(caller, cell.number, n, all); // of a dead actor: they are told when they come
    }
    if (!counts && !isDead) {
      leave(n, all);
    }
  }

  static void grant(Peer caller, long actor, int calls, long bytes) {
    WireWriter out = new WireWriter(Frames.GRANT);
    out.writeUnsigned(actor).writeUnsigned(calls).writeUnsigned(bytes);
    caller.send(out);
  }

  /** Calls that it asked for will not come. */
  void back(int calls, long bytes) {
    if (take(calls, bytes)) {
      leave(calls, bytes);
    }
    forgetIfIdle();
  }

  private void leave(int calls, long bytes) {
    long left = bytes;
    for (int i = 0; i < calls; i++) {
      int size = (int) Math.min(left, Integer.MAX_VALUE);
      left -= size;
      cell.pending.leave(size);
    }
  }

  /**
   * Nothing there waits any more: its calls come without credit again, unless one has gone back of
   * which it had not heard.
   */
  void open(long heard) {
    synchronized (this) {
      wentBack = Math.max(0, wentBack - heard);
      unheard = wentBack > 0;
      returns = unheard;
    }
    forgetIfIdle();
  }

  private void forgetIfIdle() {
    boolean idle;
    synchronized (this) {
      idle = !returns && !unheard && asked == null && calls == 0;
    }
    if (idle) {
      caller.grants.remove(cell.number, this);
    }
  }

  /** The process is gone: what it was granted is free. */
  void lost() {
    Pending.Admission p;
    synchronized (this) {
      over = true;
      p = place;
    }
    if (p != null) {
      p.fail(new IllegalStateException("the caller is gone"));
    }
    free();
  }

  /** The actor is dead. */
  void actorEnded() {
    caller.grants.remove(cell.number, this);
    synchronized (this) {
      isVoid = true;
    }
    free();
  }

  private void free() {
    int n;
    long all;
    synchronized (this) {
      n = calls;
      all = bytes;
      calls = 0;
      bytes = 0;
    }
    leave(n, all);
  }
}
