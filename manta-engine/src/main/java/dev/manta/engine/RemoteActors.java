package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Reason;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireLimits;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Actors over many processes, as this one knows of them: who holds handles, and where they live. */
final class RemoteActors {
  private static final Death KILLED = new Death(Reason.ACTOR_DIED, "was killed", null, false);

  private final Peers peers;
  private final Engine engine;
  private final AtomicLong numbers = new AtomicLong();

  /** Of the driver alone. */
  final @Nullable Directory directory;

  final Leases leases;

  /** The actors whose calls wait for room, so that they hear of it. */
  final ConcurrentHashMap<Long, RemoteCell> rationed = new ConcurrentHashMap<>();

  RemoteActors(Peers peers) {
    this.peers = peers;
    this.engine = peers.engine;
    this.leases = new Leases(peers);
    this.directory = peers.isDriver() ? new Directory(peers, this) : null;
  }

  @Nullable RemoteCell known(long id) {
    return leases.cell(id);
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
    long id = ActorIds.of(peers.self(), numbers.incrementAndGet());
    @Nullable Object[] contexts = engine.context.capture();
    RemoteHandle<A> handle =
        new RemoteHandle<>(
            leases.hold(id, options, parcel.code().constructedClass(), peers.self()));
    if (directory != null) {
      directory.ensureRoom();
      DirectoryEntry entry = new DirectoryEntry(id, options, parcel, contexts);
      return beginIn(directory, entry, needs) ? handle : null;
    }
    if (options.name() != null) {
      return peers.questions.create(
          out -> writeBirth(peers.driver(), out.writeUnsigned(id), options, contexts, parcel))
              ? handle
              : null;
    }
    WireWriter out = new WireWriter(Frames.CREATE).writeUnsigned(id);
    peers.driver()
        .send(
            out, () -> writeBirth(peers.driver(), out, options, contexts, parcel));
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

  static void kill(@Nullable Peer host, long id, boolean restart) {
    if (host != null) {
      WireWriter out = new WireWriter(Frames.KILL);
      out.writeUnsigned(id).writeFlag(restart);
      host.send(out);
    }
  }

  // ---- holders

  /** A process gets so many handles from this one; fewer than none, if they were not sent after all. */
  void holds(long id, int process, int handles) {
    if (directory != null) {
      directory.holds(id, process, peers.self(), handles);
    } else {
      WireWriter out = new WireWriter(Frames.HOLD);
      out.writeUnsigned(id).writeUnsigned(process).writeSigned(handles);
      peers.driver().send(out);
    }
  }

  void passedOn(Peer from, WireReader in) {
    long id = in.readUnsigned();
    int process = in.readInt(Transport.MAX_PEER);
    int handles = (int) in.readSigned(-1, 1);
    in.end();
    if (directory != null) {
      directory.holds(id, process, from.number, handles);
    }
  }

  /** Lets go of so many handles that have come from each process; of none, to hear where it lives. */
  void letGo(long id, Map<Integer, Integer> handles) {
    if (directory != null) {
      directory.letGo(id, peers.self(), handles);
      return;
    }
    WireWriter out = new WireWriter(Frames.RELEASE);
    out.writeUnsigned(id).writeCount(handles.size(), WireLimits.MAX_ELEMENTS);
    handles.forEach((from, count) -> out.writeUnsigned(from).writeUnsigned(count));
    peers.driver().send(out);
  }

  /** Handles were let go of; or the driver says that nobody holds one. */
  void release(Peer from, WireReader in) {
    long id = in.readUnsigned();
    Map<Integer, Integer> handles = new HashMap<>();
    for (int i = in.readCount(); i > 0; i--) {
      handles.put(in.readInt(Transport.MAX_PEER), in.readInt(Integer.MAX_VALUE));
    }
    in.end();
    if (directory != null) {
      directory.letGo(id, from.number, handles);
      return;
    }
    peers.hosting.release(id);
  }

  /** Of the driver: a process says which handles it has from one that is gone. */
  void held(Peer by, WireReader in) {
    int gone = in.readInt(Transport.MAX_PEER);
    Map<Long, Integer> handles = new HashMap<>();
    for (int i = in.readCount(); i > 0; i--) {
      handles.put(WireHandles.readId(in), in.readInt(Integer.MAX_VALUE));
    }
    in.end();
    Directory d = Objects.requireNonNull(directory);
    for (long id : d.said(by.number, gone, handles)) {
      tellEnded(id, d.death(id), by.number);
    }
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
      Grants.nothingWaits(from, id, calls, bytes);
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

  /** Of the driver: tells all who hold a handle, and this process. Under no monitor. */
  void tellEnded(long id, Death why, List<Integer> holders) {
    for (int holder : holders) {
      if (holder != peers.self()) {
        tellEnded(id, why, holder);
      }
    }
    endedHere(id, why);
  }

  /** Of the driver: tells a process; where that is this one, under no monitor. */
  void tellEnded(long id, Death why, int process) {
    if (process == peers.self()) {
      endedHere(id, why);
      return;
    }
    Peer to = peers.peer(process);
    WireWriter out = new WireWriter(Frames.ACTOR_ENDED);
    out.writeUnsigned(id);
    WireErrors.writeDeath(to, out, why);
    to.send(out);
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
    for (RemoteCell cell : leases.cells()) {
      if (cell.pending.calls() > 0) {
        return false;
      }
    }
    return true;
  }

  /** The Manta is closed. */
  void close() {
    for (RemoteCell cell : leases.cells()) {
      cell.ended(Death.CLOSED);
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
    forEachCell(cell -> cell.leaves(gone));
  }

  /** After {@link #leave}: all calls that have not begun there wait now too. */
  void left(Peer gone) {
    forEachCell(cell -> cell.left(gone));
  }

  /** Also of those that nobody holds any more, but whose calls wait. */
  private void forEachCell(Consumer<RemoteCell> step) {
    leases.cells().forEach(step);
    rationed.values().forEach(step);
  }

  /** After {@link #left}: they live again, or are dead. */
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
    RemoteLease lease = leases.hold(entry.id, entry.options, entry.className, peers.self());
    d.tell(lease.cell);
    return new RemoteHandle<>(lease);
  }
}
