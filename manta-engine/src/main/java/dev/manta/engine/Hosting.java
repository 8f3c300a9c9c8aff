package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.NotExecutedException;
import dev.manta.Reason;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireException;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The actors that this process hosts for all, and the calls on them that come from other processes. */
final class Hosting {
  private static final int MAX_ENDED = 10_000;

  /** The most actors that a process hosts, and that there are. */
  static final int MAX_HOSTED = 1_000_000;

  private final Peers peers;
  private final Engine engine;
  private final ConcurrentHashMap<Long, ActorHandle<?>> hosted = new ConcurrentHashMap<>();

  /** How the last actors have ended, for calls and handles that come late. Guarded by itself. */
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
    return own == null ? null : own.cell.newHandle();
  }

  /** The driver says that no other process holds an actor, and asks whether this one does. */
  void unheld(long id, long question) {
    ActorHandle<?> own = hosted.get(id);
    if (own != null) {
      Objects.requireNonNull(own.cell.holding()).asked(question);
    }
  }

  /** Nobody holds a handle to it: it ends. */
  void release(long id) {
    ActorHandle<?> own = hosted.remove(id);
    if (own != null) {
      forgetGrants(id);
      own.cell.unreachable();
    }
  }

  /** Whether no actor lives here. */
  boolean mayEnd() {
    if (!hosted.isEmpty()) {
      return false;
    }
    for (ActorCell cell : engine.actors.all()) {
      if (!cell.isDead()) {
        return false;
      }
    }
    return true;
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
    if (hosted.containsKey(id)) {
      throw new WireException("the actor " + id + " is hosted already");
    }
    if (hosted.size() >= MAX_HOSTED) {
      throw new WireException("more than " + MAX_HOSTED + " actors are to be hosted");
    }
    Received.Decoded decoded = Received.decode(engine, contexts, parcel);
    Parcel constructor = decoded.function();
    ActorCell cell =
        new ActorCell(
            engine, id, options,
            new Capture.Captured(constructor, constructor, List.of(), constructor.size(), null),
            decoded.contexts());
    cell.hostedAs(className, epoch, restartsLeft);
    ActorHandle<?> handle = cell.ownHandle();
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

  /** An actor is dead, of this process or another. */
  void note(long id, Death why) {
    synchronized (ended) {
      ended.put(id, why);
    }
  }

  /** How an actor has ended, as far as this process has heard. */
  @Nullable Death death(long id) {
    synchronized (ended) {
      return ended.get(id);
    }
  }

  /** An actor that this process hosts is dead. */
  void ended(ActorCell cell, Death why) {
    note(cell.number, why);
    forgetGrants(cell.number);
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
    int kind = in.readInt(RemoteCall.HAS_CREDIT);
    long credit = kind == RemoteCall.HAS_CREDIT ? in.readUnsigned(Integer.MAX_VALUE) : -1;
    Received received = Received.read(from, id, in);
    ActorHandle<?> target = hosted.get(actor);
    if (target == null) {
      Death why = death(actor);
      Ref<Object> refused = new Ref<>(engine);
      String words = received.parcel().methodName() + " on actor" + ActorIds.words(actor);
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
            credit >= 0 ? (int) credit : received.parcel().size());
    received.applyTo(call);
    if (!enters(from, call, kind)) {
      if (kind == RemoteCall.MAY_BE_REFUSED) {
        from.answer(id, call.refused(Entrance.limitReached(call, cell.pending, cell.label(), "")));
      } else {
        grants(from, cell).sendBack(id);
      }
      return;
    }
    received.report(call, channel);
    call.startDeadline();
    cell.submit(call);
  }

  // ---- room for pending calls

  /** Whether there is room for a call that has come. */
  private static boolean enters(Peer from, Call<?> call, int kind) {
    ActorCell cell = Objects.requireNonNull(call.target()).cell;
    Grants known = from.grants.isEmpty() ? null : from.grants.get(cell.number);
    if (kind == RemoteCall.HAS_CREDIT) {
      if (known == null && !cell.isDead()) {
        throw new WireException("room is used that was not granted");
      }
      if (known == null || !known.use(call.size)) {
        cell.pending.enter(call.size);
      }
      return true;
    }
    boolean isBehind =
        known != null
            && (kind == RemoteCall.MAY_BE_REFUSED ? known.isAwaited() : known.returns());
    return !isBehind && cell.pending.tryEnter(call.size);
  }

  private void forgetGrants(long actor) {
    for (Peer caller : peers.all()) {
      Grants grants = caller.grants.get(actor);
      if (grants != null) {
        grants.actorEnded();
      }
    }
  }

  private static Grants grants(Peer of, ActorCell cell) {
    Grants fresh = new Grants(of, cell);
    Grants known = of.grants.putIfAbsent(cell.number, fresh);
    Grants grants = known == null ? fresh : known;
    if (cell.isDead()) { // whoever saw to its grants may not have seen these
      grants.actorEnded();
    }
    return grants;
  }

  /** A caller says what of its calls wait for room. */
  void room(Peer from, WireReader in) {
    long id = in.readUnsigned();
    int kind = in.readInt(Grants.BACK);
    ActorHandle<?> own = hosted.get(id);
    Grants known = from.grants.get(id);
    switch (kind) {
      case Grants.ASK -> {
        long heard = in.readUnsigned();
        int[] sizes = Grants.readSizes(in);
        in.end();
        if (own != null) {
          grants(from, own.cell).ask(heard, sizes);
        } else { // they are told when they come
          Grants.grant(from, id, sizes.length, java.util.Arrays.stream(sizes).asLongStream().sum());
        }
      }
      case Grants.FENCE -> {
        in.end();
        Grants.grant(from, id, 0, 0);
      }
      case Grants.OPEN -> {
        long heard = in.readUnsigned();
        in.end();
        if (known != null) {
          known.open(heard);
        }
      }
      default -> {
        int calls = in.readInt(Grants.MAX_ASKED);
        long bytes = in.readUnsigned();
        in.end();
        if (known != null) {
          known.back(calls, bytes);
        }
      }
    }
  }
}
