package dev.manta.engine;

import dev.manta.CancelScope;
import dev.manta.MantaException;
import dev.manta.NotExecutedException;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.TaskFailedException;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call or task of this process that another one runs. It is started when it is sent: from then on
 * only the other process knows whether its code has begun.
 */
abstract class RemoteWork<T extends @Nullable Object> extends Work<T> {
  /** A process that does not say within this time how a cancelled call ends does not run. */
  private static final long CANCEL_VERDICT_NS = 1_000_000_000;

  /** The same where the deadline has passed, which is to be kept, or the Manta is closed. */
  private static final long VERDICT_NS = 100_000_000;

  /** So many processes may end before it has begun: reading it may be what ends them. */
  private static final int MAX_DEATHS_WHILE_WAITING = 10;

  static final int HAS_DEADLINE = 1;
  static final int HAS_CONTEXTS = 2;
  static final int HAS_ATTEMPT = 4;

  /** Null when no attempt will need it any more. */
  private volatile @Nullable Parcel parcel;

  /** The bytes of its arguments. */
  final int size;

  /** What it streams; null if it returns a value. */
  @Nullable Inflow stream;

  private volatile @Nullable Peer peer;
  private volatile long id;

  /** Why it was told to stop; null if it was not. */
  private volatile @Nullable Reason asked;

  /** What was to stop with it. Set before that. */
  private CancelScope askedScope = CancelScope.THIS_CALL;

  /** If its code has begun, the process that runs it is to end. */
  private volatile boolean forced;

  RemoteWork(Engine engine, Object function, Parcel parcel, Body body) {
    super(engine, function, body);
    this.parcel = parcel;
    this.size = parcel.size();
  }

  /** The process that it was sent to last; null before that. */
  final @Nullable Peer peer() {
    return peer;
  }

  /** Its number there. */
  final long id() {
    return id;
  }

  /** The refs that it captured, before it is sent. */
  final List<Ref<?>> dependencies() {
    Parcel p = parcel;
    return p == null ? List.of() : p.dependencies();
  }

  /** The frame's head, up to what is common to calls and tasks. */
  abstract WireWriter head(Peer to, long id);

  /** It is neither pending nor in flight any more. */
  abstract void leave();

  /** Has it go to where it can be run now: it was not run, or is to be run again. */
  abstract void sendAgain();

  /** As {@link #sendAgain}, before what was submitted later. */
  abstract void sendAgainFirst();

  /**
   * Sends it, unless it was dropped.
   *
   * @return false if the peer is lost and it was not sent
   */
  final boolean sendTo(Peer to) {
    if (to.isLost()) {
      return false;
    }
    long number = to.nextWork();
    id = number;
    peer = to;
    if (!step(QUEUED, STARTED)) {
      return true;
    }
    Inflow s = stream;
    if (s != null) {
      s.begin(to, number);
    }
    to.register(number, this); // now that it can be told of a loss, and be sent again
    if (to.isLost()) { // its loss may have been seen to; one that comes after this finds it there
      return to.take(number) == null || !step(STARTED, QUEUED);
    }
    WireWriter out = null;
    try {
      out = head(to, number);
      write(to, out);
      to.sendWork(out);
      if (asked != null) { // while it was written: the other process has not known of it
        sendCancel(to);
      }
    } catch (RuntimeException | StackOverflowError e) {
      if (out != null) {
        out.truncate(0);
      }
      unsent(to);
      if (to.take(number) != null) { // who sends may hold monitors that come after those of who waits
        var _ = engine.host.startVirtual("manta-unsent", () -> cannotBeSent(e));
      }
    }
    return true;
  }

  private void cannotBeSent(Throwable why) {
    Reason reason = Failures.isLost(why) ? Reason.DEPENDENCY_FAILED : Reason.APPLICATION;
    fail(Failures.notExecuted(reason, toString(), why));
    var _ = over();
  }

  @SuppressWarnings("EnumOrdinal") // of enums of the engine: part of the protocol
  private void write(Peer to, WireWriter out) {
    Extras e = extrasOrNull();
    int flags = 0;
    if (e != null) {
      flags =
          (e.hasDeadline ? HAS_DEADLINE : 0)
              | (e.contexts != null ? HAS_CONTEXTS : 0)
              | (e.attempt > 1 ? HAS_ATTEMPT : 0);
    }
    out.writeByte(body.ordinal()).writeByte(flags);
    if (e != null) {
      if (e.hasDeadline) {
        out.writeSigned(deadlineLeftNs());
      }
      if (e.contexts != null) {
        WireValues.write(to, out, engine.copies.encodeForAll(e.contexts));
      }
      if (e.attempt > 1) {
        out.writeUnsigned(e.attempt);
      }
    }
    Inflow s = stream;
    if (s != null) {
      out.writeByte(s.source.ordinal()).writeUnsigned(s.capacity);
    }
    WireValues.write(to, out, java.util.Objects.requireNonNull(parcel));
  }

  /** Its frame was not sent after all. */
  void unsent(Peer to) {}

  /**
   * The other process has sent it back, or is gone and had not begun it.
   *
   * @return whether it is to be sent again
   */
  final boolean comesBack() {
    Reason stopped;
    synchronized (this) {
      stopped = asked;
      if (stopped == null && !step(STARTED, QUEUED)) {
        return false;
      }
    }
    if (stopped == null) {
      return !isDone() || !drop();
    }
    Extras e = extrasOrNull();
    String words = toString();
    var _ = over();
    fail(
        e != null && e.ranBefore
            ? Failures.outcomeUnknown(stopped, words, null)
            : Failures.notExecuted(stopped, words, null));
    return false;
  }

  // ---- how it ends

  /** The other process says how it ended. */
  final void answered(@Nullable Object answer) {
    Object outcome = unlessLost(answer);
    if (!(outcome instanceof Ref.Failure failure)) {
      String words = asked == null ? "" : toString();
      Reason stopped = over();
      if (stopped == null) {
        complete(outcome);
      } else { // whoever stopped it was told that it is
        fail(Failures.outcomeUnknown(stopped, words.isEmpty() ? toString() : words, null));
      }
      return;
    }
    Throwable error = failure.error;
    if (forced && error instanceof OutcomeUnknownException) {
      endProcess();
    }
    Extras e = extrasOrNull();
    if (e != null && mayRunAgain(e, error) && runAgain(e)) {
      return;
    }
    if (e != null && error instanceof NotExecutedException n && e.ranBefore) {
      error = Failures.ranBefore(n);
    }
    if (e != null && error instanceof OutcomeUnknownException && !e.history().isEmpty()) {
      error =
          new OutcomeUnknownException(
              ((OutcomeUnknownException) error).reason(), error.getMessage() + e.history(),
              error.getCause());
    }
    String words = toString();
    Reason stopped = over();
    fail(
        stopped != null && error instanceof TaskFailedException
            ? Failures.outcomeUnknown(stopped, words, null)
            : error);
  }

  /**
   * What came, or that it is gone: a large result is in the memory of the process that made it until
   * this one has mapped it. After that it outlives that process.
   */
  private @Nullable Object unlessLost(@Nullable Object answer) {
    RuntimeException gone =
        answer instanceof Copied copied ? Lending.whyGone(copied.encoded()) : null;
    return gone == null ? answer : new Ref.Failure(Failures.resultLost(toString(), gone));
  }

  private boolean mayRunAgain(Extras e, Throwable error) {
    if (e.retriesLeft <= 0 || isDone() || isCancelRequested() || asked != null) {
      return false;
    }
    Throwable cause = error.getCause();
    if (error instanceof TaskFailedException) {
      return cause != null && e.covers(cause);
    }
    if (error instanceof OutcomeUnknownException u && u.reason() == Reason.OBJECT_LOST) {
      return isRunAgainForItsResult();
    }
    if (!(error instanceof MantaException m) || isAtItsEnd()) {
      return false;
    }
    if (error instanceof NotExecutedException) {
      return m.reason() == Reason.ACTOR_DIED;
    }
    if (m.reason() != Reason.ACTOR_DIED && m.reason() != Reason.WORKER_DIED) {
      return false;
    }
    return ++e.deathsWhileRunning < ActorCell.MAX_DEATHS;
  }

  /** Whether it is run again where it has run well, and its result is lost. */
  abstract boolean isRunAgainForItsResult();

  /** Whether there is no place left where it could run. */
  boolean isAtItsEnd() {
    return false;
  }

  private boolean runAgain(Extras e) {
    return runAgain(e, 0);
  }

  private boolean runAgain(Extras e, long delayNs) {
    synchronized (e) {
      e.retriesLeft--;
      e.attempt++;
      e.ranBefore = true;
    }
    leavesPlace();
    if (!step(STARTED, QUEUED)) {
      return false;
    }
    if (isDone()) { // it was cancelled before that step
      return !drop();
    }
    if (delayNs > 0) {
      engine.host.schedule(delayNs, this::sendAgain);
    } else {
      sendAgainFirst();
    }
    return true;
  }

  /** It goes from where it was, to be run again. */
  void leavesPlace() {}

  /**
   * The process that has it is gone.
   *
   * @param mayHaveBegun false if its code had not begun there
   */
  final void peerLost(Peer gone, boolean mayHaveBegun) {
    if (!mayHaveBegun) {
      goesOn(gone);
      return;
    }
    Extras e = extrasOrNull();
    if (!isDone() && asked == null && e != null && e.retriesLeft > 0) {
      e.diedUnder(gone);
      if (e.deathsWhileRunning < ActorCell.MAX_DEATHS
          && runAgain(e, Backoff.delayNs(e.deathsWhileRunning))) {
        return;
      }
    }
    String words = toString();
    Reason stopped = over();
    if (stopped != null) {
      fail(Failures.outcomeUnknown(stopped, words, null));
      return;
    }
    String history = e == null ? "" : e.history();
    fail(
        new OutcomeUnknownException(
            Reason.WORKER_DIED, words + " may have run: " + gone + " " + gone.why() + history,
            null));
  }

  /** The process that had it is gone and had not begun it: it is as if it had not been sent. */
  private void goesOn(Peer gone) {
    Extras e = extras();
    if (++e.deathsWhileWaiting < MAX_DEATHS_WHILE_WAITING) {
      if (comesBack()) {
        leavesPlace();
        sendAgainFirst();
      }
      return;
    }
    String words = toString();
    Reason stopped = over();
    NotExecutedException error =
        stopped != null
            ? Failures.notExecuted(stopped, words, null)
            : new NotExecutedException(
                Reason.WORKER_DIED,
                words + " was not executed: none of the " + e.deathsWhileWaiting
                    + " processes that had it lived until it began, the last was " + gone
                    + ", which " + gone.why(),
                null);
    fail(e.ranBefore ? Failures.ranBefore(error) : error);
  }

  /** Its place is dead, and it was not sent there. */
  final void notSent(Reason reason, String why, @Nullable Throwable cause) {
    String words = toString();
    if (neverRan()) {
      fail(new NotExecutedException(reason, words + " was not executed: " + why, cause));
    } else {
      fail(new OutcomeUnknownException(reason, words + " may have run: " + why, cause));
    }
  }

  /** It is nowhere any more; returns why it was told to stop, if it was. */
  private @Nullable Reason over() {
    Reason stopped;
    synchronized (this) {
      end();
      stopped = asked;
    }
    dropParcel();
    leave();
    return stopped;
  }

  private void dropParcel() {
    Parcel p;
    synchronized (this) {
      p = parcel;
      parcel = null;
    }
    if (p != null) {
      p.release();
    }
  }

  @Override
  void droppedWhileWaiting() {
    dropParcel();
    leave();
  }

  @Override
  void droppedWhileQueued() {
    dropParcel();
    leave();
  }

  /** The other process knows whether its code has begun: it says so at once, if it can at all. */
  @Override
  final boolean asksToStop(Reason reason, boolean withChildren) {
    Peer p = peer;
    if (p == null || p.isLost() || phase() != STARTED) {
      return false;
    }
    boolean first;
    Reason told;
    synchronized (this) {
      if (phase() != STARTED) {
        return false;
      }
      first = asked == null;
      if (first) {
        askedScope = withChildren ? CancelScope.WITH_CHILDREN : CancelScope.THIS_CALL;
        asked = reason;
      }
      told = java.util.Objects.requireNonNull(asked);
    }
    if (first || forced) {
      sendCancel(p);
    }
    if (first || reason == Reason.DEADLINE) { // which is to be kept also after a cancel
      String words = toString();
      engine.host.schedule(
          reason == Reason.CANCELLED ? CANCEL_VERDICT_NS : VERDICT_NS,
          () -> {
            if (fail(Failures.outcomeUnknown(told, words, null)) && forced) {
              endProcess();
            }
          });
    }
    return true;
  }

  private void sendCancel(Peer to) {
    WireWriter out = new WireWriter(Frames.CANCEL);
    out.writeUnsigned(id);
    WireErrors.write(out, java.util.Objects.requireNonNull(asked));
    WireErrors.write(out, forced ? CancelScope.FORCE : askedScope);
    to.send(out);
  }

  @Override
  final boolean stopByForce() {
    Peer p = peer;
    if (p != null && p.number == p.peers.self()) {
      return super.stopByForce();
    }
    forced = true;
    return stop(Reason.CANCELLED, true);
  }

  /** It was cancelled by force, and its code has begun or may have. */
  private void endProcess() {
    Peer p = peer;
    if (p != null && !p.isLost()) {
      p.peers.end(p.number, "was ended by cancel(FORCE) of " + this);
    }
  }

  /** A peer's frame of {@link #asksToStop}. */
  static void cancel(Peer from, dev.manta.engine.wire.WireReader in) {
    Work<?> work = from.inbound.get(in.readUnsigned());
    Reason reason = WireErrors.readReason(in);
    CancelScope scope = WireErrors.readScope(in);
    in.end();
    if (scope == CancelScope.FORCE && work instanceof RemoteWork<?> elsewhere) {
      elsewhere.forced = true;
    }
    if (work != null) { // where it runs here, who has sent it sees to the end of this process
      work.stop(reason, scope != CancelScope.THIS_CALL);
    }
  }

  @Override
  void takeBack() {
    if (step(WAITING, DROPPED) || step(QUEUED, DROPPED)) {
      leave();
      fail(Failures.notExecuted(Reason.CANCELLED, toString(), null));
    }
  }

  @Override
  String threadName(Object code) {
    throw new AssertionError("another process runs this");
  }
}
