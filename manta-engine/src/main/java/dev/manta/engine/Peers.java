package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireException;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The other processes of a Manta, as one of them sees them: reads what comes from them, and knows what
 * their loss means.
 */
public final class Peers implements Transport.Receiver {
  static final int DRIVER = 0;
  private static final int MAX_CPUS = 1_000_000;

  /** The most processes that run at once, as far as this one knows. */
  static final int MAX_PEERS = 10_000;

  /** A worker that sees another's sockets close waits so long for the driver to say more. */
  private static final long GONE_NS = 2_000_000_000;

  final Engine engine;
  final RemoteActors actors;
  final RemoteTasks tasks;
  final Hosting hosting;
  final Questions questions;
  final Workforce workforce;
  final RemoteWaits waits = new RemoteWaits(this);
  private final Incoming incoming = new Incoming(this);
  private final int self;
  private final ConcurrentHashMap<Integer, Peer> peers = new ConcurrentHashMap<>();

  /** The numbers of those that are lost and forgotten. Guarded by itself. */
  private final BitSet gone = new BitSet();

  private final ConcurrentHashMap<Integer, Integer> joined = new ConcurrentHashMap<>();
  private volatile @Nullable Transport transport;
  private volatile @Nullable IntConsumer onJoin;
  private volatile @Nullable BiConsumer<Integer, String> onEnd;
  private @Nullable Lending lending;
  private @Nullable Beginnings beginnings;

  /** This process runs one actor or task alone. */
  private volatile boolean alone;

  Peers(Engine engine, int self, int maxPendingTasks) {
    this.engine = engine;
    this.self = self;
    this.workforce = new Workforce(this);
    this.actors = new RemoteActors(this);
    this.tasks = new RemoteTasks(this, maxPendingTasks);
    this.hosting = new Hosting(this);
    this.questions = new Questions(this);
  }

  /** Gives it what carries its frames; before anything is sent. */
  public void connect(Transport transport) {
    this.transport = new WithSelf(transport, this, engine.host);
  }

  /**
   * Has the driver tell of each worker that runs, on the thread that reads from it, in place of
   * admitting it at once. Before {@link #connect}.
   */
  public void onJoin(IntConsumer ready) {
    onJoin = ready;
  }

  /** Gives the driver who starts and ends workers, and has the first one start. After {@link #connect}. */
  public void begin(Staff staff) {
    workforce.begin(staff);
  }

  /** Gives a worker work from now on, which has said that it runs. Ignored if it is lost. */
  public void admit(int worker) {
    Integer cpus = joined.get(worker);
    if (cpus == null) {
      workforce.notStarted();
    } else {
      Peer peer = peer(worker);
      workforce.admitted(peer, cpus, false);
      takesWork(peer, cpus);
    }
  }

  /** Gives the driver what ends a worker, with the words why, at once. Before {@link #connect}. */
  public void onEnd(BiConsumer<Integer, String> ends) {
    onEnd = ends;
  }

  /** Has a worker ended at once, whatever it does. */
  void end(int worker, String why) {
    if (!isDriver()) {
      WireWriter out = new WireWriter(Frames.END);
      out.writeUnsigned(worker).writeText(why);
      driver().send(out);
      return;
    }
    BiConsumer<Integer, String> ends = onEnd;
    if (ends != null && isWorker(worker)) {
      ends.accept(worker, why);
    }
  }

  void end(WireReader in) {
    int worker = in.readInt(Transport.MAX_PEER);
    String why = in.readText();
    in.end();
    end(worker, why);
  }

  void takesWorkAgain(Peer worker, int cpus) {
    workforce.admitted(worker, cpus, true);
    takesWork(worker, cpus);
  }

  private void takesWork(Peer worker, int cpus) {
    boolean there = whileThere(
        worker,
        () -> {
          actors.joined(worker, cpus);
          tasks.joined(worker, cpus);
        });
    if (!there) {
      workforce.lost(worker);
    }
  }

  /** Gives a worker the one actor or task for which it was started. */
  public void admitAlone(long ticket, int worker) {
    Peer peer = peer(worker);
    if (!whileThere(peer, () -> workforce.admittedAlone(ticket, peer))) {
      workforce.admittedAlone(ticket, peer); // whoever lost it has not seen what it was to run
      workforce.lost(peer);
      actors.lost(peer);
    }
  }

  /**
   * Does something with a peer before its loss is seen to, so that this sees what it has left.
   *
   * @return false if it is not done, since the peer is lost
   */
  boolean whileThere(Peer peer, Runnable action) {
    if (!peer.life.enter()) {
      return false;
    }
    try {
      action.run();
    } finally {
      leave(peer);
    }
    return true;
  }

  private void leave(Peer peer) {
    if (peer.life.leave()) {
      seeToLoss(peer);
    }
  }

  /** A worker could not be started: what waits for one fails, if there is no other. */
  public void noWorkers(Throwable why) {
    engine.host.report("no worker process could be started", why);
    workforce.notStarted();
    tasks.noWorkers(why);
    actors.noWorkers(why);
  }

  /** The worker of one actor or task could not be started. */
  public void noWorkerAlone(long ticket, Throwable why) {
    workforce.notStartedAlone(ticket, why);
  }

  /** Of a worker: tells the driver that it runs, and how many tasks it takes at once. */
  public void join(int cpus) {
    WireWriter out = new WireWriter(Frames.JOIN);
    out.writeUnsigned(cpus);
    driver().send(out);
  }

  /** Has large values go through shared memory. Before {@link #connect}. */
  public void share(SharedMemory memory) {
    lending = new Lending(memory, this);
  }

  /** Has it told after a death which work had begun. Before {@link #connect}. */
  public void note(Beginnings where) {
    beginnings = where;
  }

  /** Where this process notes what it begins of a peer's work. */
  Beginnings.@Nullable Notes notesOf(int peer) {
    Beginnings b = beginnings;
    return b == null || peer == self ? null : b.of(peer);
  }

  @Nullable Lending lending() {
    return lending;
  }

  int self() {
    return self;
  }

  boolean isDriver() {
    return self == DRIVER;
  }

  Peer driver() {
    return peer(DRIVER);
  }

  Peer peer(int number) {
    Peer known = peers.get(number);
    if (known != null) {
      return known;
    }
    Transport t = transport;
    if (t == null) {
      throw new IllegalStateException("not connected");
    }
    if (number < 0 || number > Transport.MAX_PEER) {
      throw new WireException("no process has the number " + number);
    }
    if (peers.size() >= MAX_PEERS) {
      throw new WireException("there are more than " + MAX_PEERS + " processes");
    }
    Peer peer = new Peer(this, number, t);
    synchronized (gone) {
      if (!gone.get(number)) {
        Peer first = peers.putIfAbsent(number, peer);
        return first == null ? peer : first;
      }
    }
    peer.hasEnded();
    return peer;
  }

  /** Nobody waits for a lost peer any more: its number is all that is left of it. */
  private void forget(Peer lost) {
    synchronized (gone) {
      gone.set(lost.number);
      peers.remove(lost.number, lost);
    }
  }

  Iterable<Peer> all() {
    return peers.values();
  }

  boolean isIdle() {
    for (Peer peer : peers.values()) {
      if (!peer.isLost() && peer.hasOutstanding()) {
        return false;
      }
    }
    return tasks.calls() == 0 && actors.isIdle();
  }

  /** Whether this process has nothing that others wait for or use. */
  boolean mayEnd() {
    for (Peer peer : peers.values()) {
      if (!peer.isLost() && peer.isInUse()) {
        return false;
      }
    }
    Lending l = lending;
    return tasks.calls() == 0
        && engine.tasks.calls() == 0
        && questions.isIdle()
        && (l == null || l.isIdle())
        && hosting.mayEnd();
  }

  boolean isAlone() {
    return alone;
  }

  /** The driver says that it does. */
  void runsAlone() {
    alone = true;
  }

  /** The Manta is closed: stops what is pending; false while some of it is. */
  boolean stopAll() {
    boolean done = true;
    actors.close();
    tasks.close();
    for (Peer peer : peers.values()) {
      done &= peer.stopAll();
    }
    return done && actors.isIdle() && tasks.calls() == 0;
  }

  /** Of the driver: whether a worker has begun, and is not lost. */
  boolean isWorker(int number) {
    return joined.containsKey(number);
  }

  /** Of the driver: has the workers end what they have. */
  void closeWorkers() {
    if (isDriver()) {
      for (int worker : joined.keySet()) {
        peer(worker).send(new WireWriter(Frames.CLOSE));
      }
    }
  }

  void close(WireReader in) {
    in.end();
    var _ = engine.host.startVirtual("manta-close", () -> engine.closeHere(Duration.ZERO));
  }

  // ---- what comes

  @Override
  public void received(int number, ByteBuffer frame) {
    Peer from = peer(number);
    // its exit may be seen before its last frames, and while one is read
    if (from.isDropped() || from.isLost() || !from.life.enter()) {
      return;
    }
    try {
      incoming.dispatch(from, new WireReader(frame));
    } catch (WireException e) {
      drop(from, "sent a bad frame: " + e.getMessage(), e);
    } catch (Throwable e) { // what it asked for will not happen, and it waits for that
      drop(from, "sent a frame that could not be handled: " + e, e);
    } finally {
      leave(from);
    }
  }

  /** What a peer has sent makes no sense: it is not spoken to any more. */
  private void drop(Peer from, String why, Throwable error) {
    if (from.isLost()) {
      return; // what has come late may speak of what is forgotten
    }
    engine.host.report(from + " " + why, error);
    if (from.number == self) {
      return; // it is a fault of this process, whatever it was; what else it has for itself goes on
    }
    if (!isDriver() && from.number != DRIVER) {
      WireWriter out = new WireWriter(Frames.GONE);
      out.writeUnsigned(from.number).writeText(why);
      driver().send(out);
    }
    from.drop(why);
  }

  void joined(Peer from, WireReader in) {
    int cpus = in.readInt(MAX_CPUS);
    in.end();
    if (joined.putIfAbsent(from.number, cpus) != null) {
      throw new WireException("a worker has begun twice");
    }
    IntConsumer ready = onJoin;
    if (ready == null) {
      admit(from.number);
    } else {
      ready.accept(from.number);
    }
  }

  void waiting(Peer from, WireReader in) {
    int count = in.readInt(Integer.MAX_VALUE);
    in.end();
    tasks.waiting(from, count);
  }

  /** The driver says that a worker is gone; or a worker, that it can't speak to another one. */
  void gone(Peer from, WireReader in) {
    int number = in.readInt(Transport.MAX_PEER);
    String why = in.readText();
    in.end();
    if (!isDriver()) {
      lose(number, why);
      if (peer(number).askedFor()) {
        actors.leases.tellFrom(number);
      }
    } else if (from.number != number && joined.containsKey(number)) {
      engine.host.report("worker " + number + " " + why + ", as " + from + " says", null);
      peer(number).drop(why);
    }
  }

  // ---- losses

  /** An actor that lived there has another life elsewhere: this process hears late of the loss, or not. */
  void isGone(Peer peer) {
    lose(peer.number, "has ended");
  }

  @Override
  public void lost(int number, String why) {
    if (isDriver() || number == DRIVER) {
      lose(number, why);
    } else { // the driver says how it has ended
      engine.host.schedule(GONE_NS, () -> lose(number, why));
    }
  }

  private void lose(int number, String why) {
    Peer peer = peer(number);
    synchronized (peer) {
      if (peer.isLost()) {
        return;
      }
      peer.lose(why);
      joined.remove(number);
    }
    if (peer.life.end()) {
      seeToLoss(peer);
    }
  }

  /** Nothing is done with a lost peer any more: sees to all that there is of it. Once. */
  private void seeToLoss(Peer peer) {
    int number = peer.number;
    if (isDriver()) {
      workforce.lost(peer);
      tasks.gone(peer);
      tellGone(peer, peer.why());
    }
    actors.leave(peer);
    Beginnings b = beginnings;
    peer.tellLoss(b == null ? work -> true : b.mayHaveBegun(number));
    actors.left(peer);
    actors.lost(peer);
    if (peer.seenTo() || isDriver()) {
      actors.leases.tellFrom(number);
    }
    forget(peer);
    Lending l = lending;
    if (l != null) {
      l.lost(peer);
    }
  }

  /** Tells all workers that one is gone, and so asks what they have from it. */
  private void tellGone(Peer gone, String why) {
    List<Peer> others = new ArrayList<>();
    for (Peer other : peers.values()) {
      if (other != gone && other.number != self && !other.isLost()) {
        others.add(other);
      }
    }
    Objects.requireNonNull(actors.directory).departs(gone, others);
    for (Peer other : others) {
      WireWriter out = new WireWriter(Frames.GONE);
      out.writeUnsigned(gone.number).writeText(why);
      other.send(out);
    }
  }
}
