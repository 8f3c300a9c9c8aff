package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Reason;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Actors over many processes, as this one knows of them: who holds handles, and where they live. */
final class RemoteActors {
  private static final Death KILLED = new Death(Reason.ACTOR_DIED, "was killed", null, false);

  private final Peers peers;
  private final Engine engine;
  private final AtomicLong numbers = new AtomicLong();

  /** Of the driver alone. */
  final @Nullable Directory directory;

  private final ConcurrentHashMap<Long, Known> known = new ConcurrentHashMap<>();

  /** The actors whose calls wait for room, so that they hear of it. */
  final ConcurrentHashMap<Long, RemoteCell> rationed = new ConcurrentHashMap<>();

  RemoteActors(Peers peers) {
    this.peers = peers;
    this.engine = peers.engine;
    this.directory = peers.isDriver() ? new Directory(peers, this) : null;
  }

  // ---- actors that this process knows of

  /** An actor while anybody here holds it, and how many handles of it have come. */
  private static final class Known extends WeakReference<RemoteLease> {
    final RemoteCell cell;
    final AtomicInteger handles = new AtomicInteger();

    Known(RemoteLease lease) {
      super(lease);
      this.cell = lease.cell;
    }
  }

  @Nullable RemoteCell known(long id) {
    Known k = known.get(id);
    return k == null ? null : k.cell;
  }

  /** What keeps an actor held here; a handle to it has come. */
  RemoteLease hold(long id, ActorOptions options, String className) {
    for (;;) {
      Known k = known.get(id);
      RemoteLease lease = k == null ? null : k.get();
      if (lease == null) {
        lease = new RemoteLease(new RemoteCell(engine, id, options, className));
        Known mine = new Known(lease);
        if (k == null ? known.putIfAbsent(id, mine) != null : !known.replace(id, k, mine)) {
          continue;
        }
        k = mine;
        engine.host.whenUnreachable(lease, () -> dropped(id, mine));
      }
      Objects.requireNonNull(k).handles.incrementAndGet();
      return lease;
    }
  }

  private void dropped(long id, Known gone) {
    known.remove(id, gone);
    int handles = gone.handles.get();
    if (directory != null) {
      directory.holds(id, peers.self(), -handles);
    } else {
      letGo(id, handles);
    }
  }

  /** Of a worker: tells the driver of handles that it lets go of; of none, to hear where it lives. */
  void letGo(long id, int handles) {
    WireWriter out = new WireWriter(Frames.RELEASE);
    out.writeUnsigned(id).writeUnsigned(handles);
    peers.driver().send(out);
  }

  // ---- births

  <A> ActorRef<A> create(ActorOptions options, Object constructor) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(constructor, "constructor");
    RemoteHandle<A> created = tryCreate(options, constructor);
    if (created == null) {
      throw new IllegalArgumentException(
          "the name \"" + options.name() + "\" is taken by a live actor ("
              + described(options) + "): use getOrCreate, or another name");
    }
    return created;
  }

  private String described(ActorOptions options) {
    ActorRef<?> taken = find(java.util.Objects.requireNonNull(options.name()));
    return taken instanceof RemoteHandle<?> r
        ? r.cell.classAndNumber()
        : taken instanceof ActorHandle<?> own ? own.cell.classAndNumber()
        : "that has just ended";
  }

  <A> ActorRef<A> getOrCreate(ActorOptions options, Object constructor) {
    Objects.requireNonNull(options, "options");
    String name = options.name();
    if (name == null) {
      throw new IllegalArgumentException("getOrCreate needs a name: ActorOptions.named(\"...\")");
    }
    for (;;) {
      ActorRef<A> live = find(name);
      if (live == null) {
        live = tryCreate(options, constructor);
      }
      if (live != null) {
        return live;
      }
      Thread.onSpinWait();
    }
  }

  private <A> @Nullable RemoteHandle<A> tryCreate(ActorOptions options, Object constructor) {
    engine.ensureOpen();
    Needs needs = engine.placement.needs(options.cpus(), options.resources(), false);
    Parcel parcel = Capture.pack(engine, constructor);
    long id = ((long) peers.self() << ActorCell.CREATOR_SHIFT) | numbers.incrementAndGet();
    @Nullable Object[] contexts = engine.context.capture();
    RemoteHandle<A> handle =
        new RemoteHandle<>(hold(id, options, parcel.code().constructedClass()));
    if (directory != null) {
      directory.ensureRoom();
      DirectoryEntry entry = new DirectoryEntry(id, options, parcel, contexts);
      entry.holders.put(peers.self(), 1);
      return beginIn(directory, entry, needs) ? handle : null;
    }
    if (options.name() != null) {
      return peers.questions.create(
          out -> {
            out.writeUnsigned(id);
            writeBirth(peers.driver(), out, options, contexts, parcel);
          })
              ? handle
              : null;
    }
    WireWriter out = new WireWriter(Frames.CREATE);
    out.writeUnsigned(id);
    writeBirth(peers.driver(), out, options, contexts, parcel);
    peers.driver().send(out);
    return handle;
  }

  private boolean beginIn(Directory d, DirectoryEntry entry, Needs needs) {
    if (d.add(entry) != null) {
      return false;
    }
    if (needs.isNothing()) {
      d.begin(entry);
    } else {
      engine.placement.forActor(
          needs,
          grant -> {
            d.holdsResources(entry, grant);
            d.begin(entry);
          },
          entry::isOver);
    }
    return true;
  }

  void writeBirth(
      Peer to, WireWriter out, ActorOptions options, @Nullable Object @Nullable [] contexts,
      Parcel constructor) {
    WireOptions.write(out, options);
    out.writeFlag(contexts != null);
    if (contexts != null) {
      WireValues.write(to, out, engine.copies.encodeForAll(contexts));
    }
    WireValues.write(to, out, constructor);
  }

  /** Of the driver: a worker has created an actor. */
  void create(Peer from, WireReader in) {
    var _ = born(from, in);
  }

  boolean born(Peer from, WireReader in) {
    return Births.read(Objects.requireNonNull(directory), from, in, this::beginIn);
  }

  // ---- their hosts

  /** Of the driver: a life of an actor has begun. */
  void built(Peer from, WireReader in) {
    long id = in.readUnsigned();
    long epoch = in.readUnsigned();
    int restartsLeft = in.readInt(Integer.MAX_VALUE);
    in.end();
    Objects.requireNonNull(directory).built(from, id, epoch, restartsLeft);
  }

  /** Of the driver: a worker hosts an actor now. */
  void hosted(Peer from, WireReader in) {
    long id = in.readUnsigned();
    in.end();
    Objects.requireNonNull(directory).hosted(from, id);
    RemoteCell own = known(id);
    if (own != null) {
      own.confirm();
    }
  }

  void kill(Peer from, WireReader in) {
    long id = in.readUnsigned();
    boolean restart = in.readFlag();
    in.end();
    ActorHandle<?> own = peers.hosting.actor(id);
    if (own != null) {
      own.cell.kill(Reason.ACTOR_DIED, "was killed", false, restart);
    } else if (directory != null) {
      kill(directory, id, restart);
    }
  }

  /** Ends an actor of another process: by the driver, which alone knows for sure where it lives. */
  void kill(RemoteCell cell, boolean restart) {
    if (directory != null) {
      kill(directory, cell.id, restart);
      return;
    }
    Peer host = cell.host();
    kill(host == null || !restart ? peers.driver() : host, cell.id, restart);
    if (!restart) {
      cell.ended(KILLED);
    }
  }

  private static void kill(Directory d, long id, boolean restart) {
    kill(restart ? d.beginsAnew(id, KILLED) : d.ended(id, KILLED), id, restart);
  }

  private static void kill(@Nullable Peer host, long id, boolean restart) {
    if (host != null) {
      WireWriter out = new WireWriter(Frames.KILL);
      out.writeUnsigned(id).writeFlag(restart);
      host.send(out);
    }
  }

  // ---- holders

  /** Handles were let go of; or the driver says that nobody holds one. */
  void release(Peer from, WireReader in) {
    long id = in.readUnsigned();
    int handles = in.readInt(Integer.MAX_VALUE);
    in.end();
    if (directory != null) {
      directory.holds(id, from.number, -handles);
      return;
    }
    peers.hosting.release(id);
  }

  /** The driver asks a host whether its code holds an actor; or a host says that it does not. */
  void unheld(Peer from, WireReader in) {
    long id = in.readUnsigned();
    long question = in.readUnsigned();
    in.end();
    if (directory != null) {
      directory.unheld(from, id, question);
    } else {
      peers.hosting.unheld(id, question);
    }
  }

  void held(Peer from, WireReader in) {
    long id = in.readUnsigned();
    int process = in.readInt(Transport.MAX_PEER);
    in.end();
    if (directory != null) {
      directory.holds(id, process, 1);
    }
  }

  // ---- where they live

  void at(WireReader in) {
    long id = in.readUnsigned();
    long epoch = in.readUnsigned();
    int host = in.readInt(Transport.MAX_PEER);
    in.end();
    RemoteCell cell = known(id);
    if (cell != null) {
      cell.at(peers.peer(host), epoch);
      cell.confirm();
    }
  }

  /** A host has room for calls that wait here. */
  void granted(Peer from, WireReader in) {
    long id = in.readUnsigned();
    int calls = in.readInt(Grants.MAX_ASKED);
    long bytes = in.readUnsigned();
    in.end();
    RemoteCell cell = rationed.get(id);
    if (cell != null) {
      cell.granted(from, calls, bytes);
    } else {
      RemoteCell.nothingWaits(from, id, calls, bytes);
    }
  }

  void ended(Peer from, WireReader in) {
    long id = in.readUnsigned();
    Death why = WireErrors.readDeath(from, in);
    if (directory != null) {
      var _ = directory.ended(id, why);
    } else {
      endedHere(id, why);
    }
  }

  /** Of the driver: tells all who hold a handle. */
  void tellEnded(long id, Death why, List<Integer> holders) {
    for (int holder : holders) {
      if (holder == peers.self()) {
        continue;
      }
      Peer to = peers.peer(holder);
      WireWriter out = new WireWriter(Frames.ACTOR_ENDED);
      out.writeUnsigned(id);
      WireErrors.writeDeath(to, out, why);
      to.send(out);
    }
    endedHere(id, why);
  }

  private void endedHere(long id, Death why) {
    if (directory == null) {
      peers.hosting.note(id, why);
    }
    RemoteCell cell = known(id);
    if (cell != null) {
      cell.ended(why);
    }
    RemoteCell dropped = rationed.get(id);
    if (dropped != null) {
      dropped.ended(why);
    }
  }

  /** Whether no call of this process on another's actor is pending. */
  boolean isIdle() {
    for (Known k : known.values()) {
      if (k.cell.pending.calls() > 0) {
        return false;
      }
    }
    return true;
  }

  /** The Manta is closed. */
  void close() {
    for (Known k : known.values()) {
      k.cell.ended(Death.CLOSED);
    }
  }

  void joined(Peer worker, int cpus) {
    Objects.requireNonNull(directory).joined(worker, cpus);
  }

  boolean leaves(Peer worker, long idleNs) {
    return Objects.requireNonNull(directory).leaves(worker, idleNs);
  }

  void noWorkers(Throwable why) {
    Directory d = Objects.requireNonNull(directory);
    for (DirectoryEntry entry : d.takeHomeless()) {
      var _ = d.ended(
          entry.id,
          new Death(
              Reason.WORKER_DIED, "has no process: no worker could be started", why, false));
    }
  }

  /** Calls on actors of a process that is gone wait. */
  void leave(Peer gone) {
    for (Known k : known.values()) {
      k.cell.leaves(gone);
    }
    rationed.values().forEach(cell -> cell.leaves(gone));
  }

  /** After {@link #leave}: they live again, or are dead. */
  void lost(Peer gone) {
    if (directory != null) {
      directory.lost(gone);
    }
  }

  // ---- by name

  <A> @Nullable ActorRef<A> find(String name) {
    if (directory != null) {
      return findHere(name);
    }
    return handle(peers.questions.find(name));
  }

  @SuppressWarnings("unchecked")
  private static <A> @Nullable ActorRef<A> handle(@Nullable Object answer) {
    return (ActorRef<A>) answer;
  }

  /** Of the driver. */
  <A> @Nullable RemoteHandle<A> findHere(String name) {
    Directory d = Objects.requireNonNull(directory);
    DirectoryEntry entry = d.holdNamed(name); // at once: else it may end before it is held
    if (entry == null) {
      return null;
    }
    RemoteLease lease = hold(entry.id, entry.options, entry.className);
    Peer host = d.host(entry.id);
    if (host != null) {
      lease.cell.at(host, lease.cell.epoch());
    }
    return new RemoteHandle<>(lease);
  }
}
