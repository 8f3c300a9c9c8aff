package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireException;
import dev.manta.engine.wire.WireWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Another process: what was sent to it and is not answered, and what it has sent. */
final class Peer {
  final Peers peers;
  final Engine engine;
  final int number;
  final Codes codes = new Codes(this);
  final Exports exports = new Exports(this);
  final Borrows borrows = new Borrows(this);

  private static final int MAX_EPITAPH = 200;

  /** The most calls and tasks of a peer that have not ended. */
  private static final int MAX_INBOUND = 10_000_000;

  /** Calls and tasks that came from it and have not ended, by its number for them. */
  final ConcurrentHashMap<Long, Work<?>> inbound = new ConcurrentHashMap<>();

  /** Streams that it reads. */
  final ConcurrentHashMap<Long, Outflow> outflows = new ConcurrentHashMap<>();

  /** What it was granted of the room of actors of this process, by the actor; of few. */
  final ConcurrentHashMap<Long, Grants> grants = new ConcurrentHashMap<>();

  private final Transport transport;
  private final AtomicLong nextWork = new AtomicLong();
  private final ConcurrentHashMap<Long, RemoteWork<?>> outstanding = new ConcurrentHashMap<>();
  /** Its loss is seen to when nothing is done with it that could leave something behind. */
  final Rundown life = new Rundown();

  private volatile @Nullable String lost;

  /* Guarded by this. */
  private boolean isSeenTo;
  private boolean isAskedFor;

  private volatile boolean dropped;

  /** Where it is noted what begins of its work; only who reads from it. */
  private Beginnings.@Nullable Notes notes;

  private boolean hasNotes;

  Peer(Peers peers, int number, Transport transport) {
    this.peers = peers;
    this.engine = peers.engine;
    this.number = number;
    this.transport = transport;
  }

  boolean isLost() {
    return lost != null;
  }

  /** Why it is lost, in words that follow its name. */
  String why() {
    return String.valueOf(lost);
  }

  /** What it was and how it ended, in one line. */
  String epitaph() {
    String all = this + " " + why();
    int line = all.indexOf('\n');
    return all.substring(0, Math.min(line < 0 ? all.length() : line, MAX_EPITAPH));
  }

  /** It has sent what is no frame: nothing that comes from it counts any more. */
  void drop(String why) {
    dropped = true;
    transport.drop(number, why);
  }

  boolean isDropped() {
    return dropped;
  }

  /**
   * Sends a frame.
   *
   * @throws IllegalArgumentException if it is too long
   */
  void send(WireWriter frame) {
    transport.send(number, checked(frame));
  }

  /** As {@link #send}, where the other process is probably waiting for this frame. */
  void sendAlone(WireWriter frame) {
    transport.sendAlone(number, checked(frame));
  }

  /** Sends a frame once it is written to its end; what was lent for it is taken back where that fails. */
  void send(WireWriter frame, Runnable write) {
    try {
      write.run();
      send(frame);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      frame.truncate(0);
      throw e;
    }
  }

  private static byte[] checked(WireWriter frame) {
    if (frame.size() > Transport.MAX_FRAME_BYTES) {
      throw new IllegalArgumentException(
          "it takes " + frame.size() + " bytes, and at most " + Transport.MAX_FRAME_BYTES
              + " may be sent to another process at once: pass it in parts, or as a stream");
    }
    return frame.toFrame();
  }

  /** Sends registered work: what is alone is probably waited for. As {@link #send}. */
  void sendWork(WireWriter frame) {
    if (outstanding.size() == 1) {
      sendAlone(frame);
    } else {
      send(frame);
    }
  }

  private void sendAnswer(WireWriter frame) {
    if (inbound.isEmpty()) {
      sendAlone(frame);
    } else {
      send(frame);
    }
  }

  /** Ends a frame by what a complete ref holds; by an error where that can't be sent. */
  void sendOutcome(WireWriter out, Ref<?> complete) {
    int mark = out.size();
    try {
      WireValues.writeOutcome(this, out, complete);
      sendAnswer(out);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      out.truncate(mark);
      Ref<Object> instead = new Ref<>(engine);
      instead.fail(Failures.notSent(complete, e));
      WireValues.writeOutcome(this, out, instead);
      send(out);
    }
  }

  // ---- work for it

  /** The number by which work is answered that is about to be sent. */
  long nextWork() {
    return nextWork.getAndIncrement();
  }

  /** Notes work that is started: it is told what becomes of it. */
  void register(long id, RemoteWork<?> work) {
    outstanding.put(id, work);
  }

  /** Work is answered, or was not sent; null if somebody has seen to it. */
  @Nullable RemoteWork<?> take(long id) {
    return outstanding.remove(id);
  }

  @Nullable RemoteWork<?> find(long id) {
    return outstanding.get(id);
  }

  boolean hasOutstanding() {
    return !outstanding.isEmpty();
  }

  /** Whether anything is pending between it and this process. */
  boolean isInUse() {
    return !outstanding.isEmpty()
        || !inbound.isEmpty()
        || !outflows.isEmpty()
        || !exports.isEmpty();
  }

  /** Stops all that it has of this process; false while some of that is pending. */
  boolean stopAll() {
    boolean done = true;
    for (RemoteWork<?> work : outstanding.values()) {
      var _ = work.stop(dev.manta.Reason.DRAINING, true);
      done &= work.isDone();
    }
    return done;
  }

  // ---- work from it

  private void enter(long id, Work<?> work) {
    if (inbound.size() >= MAX_INBOUND) {
      throw new WireException("more than " + MAX_INBOUND + " calls of it are pending");
    }
    if (inbound.putIfAbsent(id, work) != null) {
      throw new WireException("there is a call " + id + " already");
    }
  }

  /** Where it is noted what begins of its work; null if nowhere. Only who reads from it. */
  Beginnings.@Nullable Notes notes() {
    if (!hasNotes) {
      hasNotes = true;
      notes = peers.notesOf(number);
    }
    return notes;
  }

  /** Has the peer told how work of its ends. */
  void answerAtEnd(Inbound inbound, Work<?> work) {
    enter(inbound.id, work);
    if (!work.subscribe(inbound)) {
      inbound.completed(work);
    }
  }

  /** Tells it how work of its has ended. */
  void answer(long id, Ref<?> complete) {
    inbound.remove(id);
    WireWriter out = new WireWriter(Frames.RESULT);
    out.writeUnsigned(id);
    sendOutcome(out, complete);
    complete.release(); // nobody has it in this process
  }

  /** Has the peer told of a stream's elements, and of its end after them. */
  void flow(long id, Work<?> work, Outflow out) {
    enter(id, work);
    outflows.put(id, out);
    if (!work.subscribe(out)) {
      out.completed(work);
    }
  }

  // ---- its end

  /** It is gone: nothing is sent to it any more. Once. */
  void lose(String why) {
    lost = why;
  }

  /** It is one of those that were forgotten. */
  void hasEnded() {
    lost = "has ended";
    var _ = life.end();
    var _ = seenTo();
  }

  /** Its loss has been seen to; returns whether the driver has asked what there was from it. */
  synchronized boolean seenTo() {
    isSeenTo = true;
    return isAskedFor;
  }

  /** The driver asks what there is from it; returns whether its loss has been seen to. */
  synchronized boolean askedFor() {
    isAskedFor = true;
    return isSeenTo;
  }

  /**
   * Tells who waits for it: the latest first, so that what goes back to a line goes to its beginning.
   *
   * @param mayHaveBegun by the number of the work
   */
  void tellLoss(LongPredicate mayHaveBegun) {
    List<Long> latestFirst = new ArrayList<>(outstanding.keySet());
    latestFirst.sort(Comparator.reverseOrder());
    for (Long id : latestFirst) {
      RemoteWork<?> work = take(id);
      if (work != null) {
        work.peerLost(this, mayHaveBegun.test(id));
      }
    }
    borrows.lost();
    exports.clear();
    for (Work<?> work : inbound.values()) {
      work.stop(dev.manta.Reason.CANCELLED, true);
    }
    inbound.clear();
    grants.values().forEach(Grants::lost);
    grants.clear();
    outflows.values().forEach(Outflow::abandon);
    outflows.clear();
  }

  @Override
  public String toString() {
    return number == 0 ? "the driver" : "worker " + number;
  }
}
