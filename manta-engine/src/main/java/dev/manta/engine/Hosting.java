package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.NotExecutedException;
import dev.manta.Reason;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The actors that this process hosts for all, and the calls on them that come from other processes. */
final class Hosting {
  private static final int MAX_ENDED = 10_000;

  private final Peers peers;
  private final Engine engine;
  private final ConcurrentHashMap<Long, ActorHandle<?>> hosted = new ConcurrentHashMap<>();

  /** Those of them whose handles code of this process has got. */
  private final Set<Long> handedOut = ConcurrentHashMap.newKeySet();

  /** How the last actors of this process have ended, for calls that come late. Guarded by itself. */
  private final Map<Long, Death> ended =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Death> eldest) {
          return size() > MAX_ENDED;
        }
      };

  Hosting(Peers peers) {
    this.peers = peers;
    this.engine = peers.engine;
  }

  @Nullable ActorHandle<?> actor(long id) {
    return hosted.get(id);
  }

  /** A handle for code of this process to what it hosts itself; null if it does not host it. */
  @Nullable ActorHandle<?> handOut(long id) {
    ActorHandle<?> own = hosted.get(id);
    if (own != null) {
      handedOut.add(id);
    }
    return own;
  }

  /**
   * No other process holds a handle to it. It ends now, or with the last handle of this process: to find
   * that out takes a collection, which may be long in coming where little is done.
   */
  void release(long id) {
    ActorHandle<?> own = hosted.remove(id);
    boolean mayBeHeld = handedOut.remove(id);
    if (own != null) {
      if (mayBeHeld) {
        own.cell.endWhenUnreachable();
      } else {
        own.cell.unreachable();
      }
    }
  }

  /**
   * Whether no actor lives here. Those that no other process holds, and that would end when the
   * collector finds that, end now.
   */
  boolean mayEnd() {
    if (!hosted.isEmpty()) {
      return false;
    }
    boolean none = true;
    for (ActorCell cell : engine.actors.all()) {
      if (!cell.isDead()) {
        none = false;
        if (cell.pending.calls() == 0) {
          cell.unreachable();
        }
      }
    }
    return none;
  }

  void host(Peer from, WireReader in) {
    long id = in.readUnsigned();
    long epoch = in.readUnsigned();
    int restartsLeft = in.readInt(Integer.MAX_VALUE);
    String className = in.readText();
    ActorOptions options = WireOptions.read(in, engine.loader());
    Object contexts = in.readFlag() ? WireValues.read(from, in) : null;
    Parcel parcel = WireValues.readParcel(from, in);
    in.end();
    ActorCell cell =
        new ActorCell(
            engine, id, options,
            new Capture.Captured(parcel, parcel, List.of(), parcel.size(), null),
            contexts instanceof Copied c ? (@Nullable Object[]) c.another(engine) : null);
    cell.hostedAs(className, epoch, restartsLeft);
    ActorHandle<?> handle = cell.firstHandle();
    hosted.put(id, handle);
    engine.actors.host(cell);
    WireWriter out = new WireWriter(Frames.HOSTED);
    out.writeUnsigned(id);
    from.send(out);
  }

  /** A life of an actor that this process hosts has begun. */
  void built(ActorCell cell, long epoch, int restartsLeft) {
    if (hosted.containsKey(cell.number)) {
      WireWriter out = new WireWriter(Frames.BUILT);
      out.writeUnsigned(cell.number).writeUnsigned(epoch).writeUnsigned(restartsLeft);
      peers.driver().send(out);
    }
  }

  /** An actor that this process hosts is dead. */
  void ended(ActorCell cell, Death why) {
    synchronized (ended) {
      ended.put(cell.number, why);
    }
    handedOut.remove(cell.number);
    if (hosted.remove(cell.number) == null) {
      return;
    }
    WireWriter out = new WireWriter(Frames.ACTOR_ENDED);
    out.writeUnsigned(cell.number);
    WireErrors.writeDeath(peers.driver(), out, why);
    peers.driver().send(out);
  }

  /** A call has come. */
  void call(Peer from, WireReader in) {
    long id = in.readUnsigned();
    long actor = in.readUnsigned();
    int group = in.readInt(Integer.MAX_VALUE);
    boolean refusable = in.readFlag();
    Received received = Received.read(from, id, in);
    ActorHandle<?> target = hosted.get(actor);
    if (target == null) {
      Death why;
      synchronized (ended) {
        why = ended.get(actor);
      }
      Ref<Object> refused = new Ref<>(engine);
      String words = received.parcel().methodName() + " on actor" + ActorCell.numberOf(actor);
      refused.fail(
          new NotExecutedException(
              why == null ? Reason.ACTOR_DIED : why.reason(),
              why == null
                  ? words + " was not executed: its actor has ended"
                  : why.message(words, "was not executed"),
              why == null ? null : why.cause()));
      from.answer(id, refused);
      return;
    }
    ActorCell cell = target.cell;
    Channel channel =
        received.source() == null
            ? null
            : new Channel(engine, cell.options.streamBuffer(), cell.streamSlots());
    Call<Object> call =
        new Call<>(
            target, received.function(engine, channel), received.body(), group,
            received.parcel().size());
    received.applyTo(call);
    if (refusable && !cell.pending.tryEnter(call.size)) {
      from.answer(id, call.refused(Entrance.limitReached(call, cell.pending, cell.label(), "")));
      return;
    }
    if (!refusable) {
      cell.pending.enter(call.size);
    }
    received.report(call, channel);
    call.startDeadline();
    cell.submit(call);
  }
}
