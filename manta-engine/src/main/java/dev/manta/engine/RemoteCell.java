package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.engine.wire.WireWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An actor of another process, as this process knows it: where it lives now, and the calls that wait
 * until that is known. Its monitor is taken before those of who sends; and in the driver after that of the
 * directory, while the actor has no process.
 */
final class RemoteCell {
  final Engine engine;
  final long id;
  final ActorOptions options;
  final Pending pending;
  final Groups groups;

  /** The full name of its class, as far as the type of its constructor tells. */
  final String className;

  /* The line of calls that are not sent: those that came back for lack of room, in their order, and
     behind them those that have not been sent. */
  private final ArrayDeque<RemoteCall<?>> cameBack = new ArrayDeque<>();
  private final ArrayDeque<RemoteCall<?>> parked = new ArrayDeque<>();

  /** The place of the next call that is submitted. */
  private final AtomicLong places = new AtomicLong();

  /**
   * Even while calls are sent as they come; odd while they are rationed: since one came back, each
   * needs credit. Counted up under the monitor.
   */
  private volatile int rationing;

  /** For which calls and admissions credit is asked, in their order; null while it is not. */
  private @Nullable List<Object> asked;

  /** Calls were sent when others came back: so often the host is yet to say that it has seen them. */
  private int fences;

  /** All that were sent before they were rationed, and come back, have done so. */
  private boolean settled;

  /** How many calls came back since they were last sent as they come. */
  private long heard;

  private volatile @Nullable Peer host;
  private volatile @Nullable Death end;

  /* It lived there, and what was sent there and has not begun is yet to come back; and where it lives
     meanwhile, if that has been heard. */
  private @Nullable Peer leaving;
  private @Nullable Peer next;

  private volatile boolean confirmed;
  private volatile long epoch;

  RemoteCell(Engine engine, long id, ActorOptions options, String className) {
    this.engine = engine;
    this.id = id;
    this.options = options;
    this.className = className;
    this.pending = new Share();
    this.groups = Groups.of(options);
  }

  /** What this process has of the actor's pending calls. While they are rationed only credit lets in. */
  private final class Share extends Pending {
    Share() {
      super(options.maxPendingCalls(), options.maxPendingBytes());
    }

    @Override
    boolean isShut() {
      return isRationed();
    }
  }

  String label() {
    String name = options.name();
    return name != null ? name : classAndNumber();
  }

  /** As in {@code Counter#7}. */
  String classAndNumber() {
    return FunctionCode.simpleName(className) + ActorIds.words(id);
  }

  boolean isDead() {
    return end != null;
  }

  @Nullable Death end() {
    return end;
  }

  @Nullable Peer host() {
    return host;
  }

  long epoch() {
    return epoch;
  }

  /** The host has said that it hosts it: other processes may call it there. */
  void confirm() {
    confirmed = true;
  }

  boolean isConfirmed() {
    return confirmed;
  }

  // ---- calls

  /** Has a call, which has entered and whose dependencies are ready, sent. By any thread. */
  void submit(RemoteCall<?> call) {
    if (call.step(Work.WAITING, Work.QUEUED)) {
      call.place = places.getAndIncrement();
      route(call);
    } else {
      call.leave();
    }
  }

  /** Sends a queued call, or keeps it until it is known where, or there is room. */
  void route(RemoteCall<?> call) {
    Peer h = host;
    int then = rationing;
    if (h != null && isOpen(then)) {
      call.giveCreditBack(); // a call before it may have none, and find no room for that
      if (call.sendTo(h)) {
        if (rationing != then) {
          fence();
        }
        return;
      }
    }
    Death d;
    boolean reopened = false;
    synchronized (this) {
      d = end;
      h = host;
      if (d == null) {
        if (h != null && mayGo(call) && call.sendTo(h)) {
          return;
        }
        parked.add(call);
        reopened = ask();
      }
    }
    if (d != null) {
      tell(call, d);
    } else if (reopened) {
      pending.reopened();
    }
  }

  /**
   * Under the monitor: whether a call goes now: as it comes, or by its credit. Where others wait that came
   * before it, it waits behind them, and the credit, which may be all that the host has, is for the first.
   */
  private boolean mayGo(RemoteCall<?> call) {
    if (isRationed() && call.hasCredit() && isEmpty(cameBack) && isEmpty(parked)) {
      return true;
    }
    call.giveCreditBack();
    return !isRationed();
  }

  private static boolean isEmpty(ArrayDeque<RemoteCall<?>> line) {
    line.removeIf(call -> call.phase() == Work.DROPPED);
    return line.isEmpty();
  }

  /** A call that was sent comes back, not begun: it is sent before all that came after it. */
  void takeBack(RemoteCall<?> call) {
    synchronized (this) {
      if (end == null && host == null) {
        cameBack.addFirst(call);
        return;
      }
    }
    route(call);
  }

  private static void tell(RemoteCall<?> call, Death d) {
    call.notSent(d.reason(), "its actor " + d.what(), d.cause());
    call.leave();
  }

  // ---- room at its host

  /*
   * Calls are sent as they come. The host takes them while it has room, over all callers; one that it
   * has no room for comes back, and all that are sent after it, so that they keep their order. From then
   * on nothing is sent here but by credit, which the host gives for the first of those who wait as it
   * gets room, process by process; what waits are calls that came back, and callers. When nothing waits
   * any more, calls are sent as they come again.
   *
   * A thread that was about to send while others came back sends a fence: until the host has answered
   * that, a call may still be about to come back, and none behind it is sent.
   */

  private static boolean isOpen(int rationing) {
    return (rationing & 1) == 0;
  }

  boolean isRationed() {
    return !isOpen(rationing);
  }

  /** A call, which is queued again, has come back; null where it does not wait any more. */
  void returned(@Nullable RemoteCall<?> call, Peer from) {
    boolean reopened = false;
    synchronized (this) {
      if (from == host && end == null) {
        ration();
        heard++;
        if (call != null) {
          cameBack.add(call);
        }
        reopened = ask();
        call = null;
      }
    }
    if (reopened) {
      pending.reopened();
    }
    if (call != null) {
      route(call);
    }
  }

  /** A caller waits for room. */
  void awaitsRoom() {
    boolean reopened;
    synchronized (this) {
      reopened = ask();
    }
    if (reopened) {
      pending.reopened();
    }
  }

  /** A call was sent while others came back. */
  void fence() {
    synchronized (this) {
      Peer h = host;
      if (h != null && end == null) {
        ration();
        sendFence(h);
      }
    }
  }

  private void sendFence(Peer h) {
    fences++;
    h.send(Grants.room(id, Grants.FENCE));
  }

  /** The host has room for the first calls that it was asked for; for none: it has seen a fence. */
  void granted(Peer from, int calls, long bytes) {
    List<Pending.Admission> admitted = new ArrayList<>();
    boolean reopened;
    synchronized (this) {
      List<Object> first = asked;
      if (from != host || !isRationed()) {
        Grants.giveBack(from, id, calls, bytes);
        return;
      }
      settled = true; // what came back before that has come
      if (calls == 0) {
        fences = Math.max(0, fences - 1);
      } else if (first == null || calls > first.size()) {
        Grants.giveBack(from, id, calls, bytes); // it was asked for before the last handle went
      } else {
        asked = null;
        for (Object waits : first.subList(0, calls)) {
          use(from, waits, admitted);
        }
      }
      reopened = ask();
    }
    for (Pending.Admission a : admitted) {
      a.credit = from;
      if (!a.complete(null)) {
        pending.leave(a.size);
        Grants.giveBack(from, id, 1, a.size);
      }
    }
    if (reopened) {
      pending.reopened();
    }
  }

  /** Under the monitor. */
  private void use(Peer from, Object waits, List<Pending.Admission> admitted) {
    if (waits instanceof Pending.Admission a) {
      if (pending.take(a)) {
        admitted.add(a);
      } else {
        Grants.giveBack(from, id, 1, a.size);
      }
      return;
    }
    RemoteCall<?> call = (RemoteCall<?>) waits;
    if (!cameBack.remove(call) && !parked.remove(call)) {
      Grants.giveBack(from, id, 1, call.size);
      return;
    }
    call.credit(from);
    if (!call.sendTo(from)) {
      parked.addFirst(call); // the host is gone: all wait until it is known where it lives
    } else {
      call.giveCreditBack(); // if it was dropped
    }
  }

  /** Under the monitor: from now on only credit lets calls go. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // under the monitor
  private void ration() {
    if (!isRationed()) {
      rationing++;
      settled = false;
      pending.shut();
      Objects.requireNonNull(engine.peers()).actors.rationed.put(id, this);
    }
  }

  /** Under the monitor: calls go as they come. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // under the monitor
  private void open() {
    if (isRationed()) {
      rationing++;
      asked = null;
      fences = 0;
      heard = 0;
      Objects.requireNonNull(engine.peers()).actors.rationed.remove(id, this);
    }
  }

  /**
   * Under the monitor: asks for credit for those who wait, if that is not asked for.
   *
   * @return whether none waits, so that calls go as they come: the pending calls are to be told
   */
  private boolean ask() {
    Peer h = host;
    if (h == null || !isRationed() || asked != null || fences > 0) {
      return false;
    }
    List<Object> next = new ArrayList<>();
    addLive(cameBack, next);
    if (settled) {
      addLive(parked, next);
      next.addAll(pending.first(Grants.MAX_ASKED - next.size()));
    } else if (next.isEmpty()) {
      sendFence(h);
      return false;
    }
    if (next.isEmpty()) {
      h.send(Grants.room(id, Grants.OPEN).writeUnsigned(heard));
      open();
      return true;
    }
    WireWriter out = Grants.room(id, Grants.ASK).writeUnsigned(heard);
    out.writeCount(next.size(), Grants.MAX_ASKED);
    for (Object waits : next) {
      out.writeUnsigned(
          waits instanceof Pending.Admission a ? a.size : ((RemoteCall<?>) waits).size);
    }
    asked = next;
    h.send(out);
    return false;
  }

  private static void addLive(ArrayDeque<RemoteCall<?>> line, List<Object> to) {
    if (!isEmpty(line)) {
      line.stream().limit(Grants.MAX_ASKED - to.size()).forEach(to::add);
    }
  }

  // ---- where it lives

  /** It lives there now: sends what has waited. */
  void at(Peer where, long epoch) {
    Peer gone = null;
    synchronized (this) {
      if (end != null || epoch < this.epoch || where.isLost()) {
        return; // who lost it has seen to what waits, or will
      }
      this.epoch = epoch;
      if (where == host && isRationed()) {
        return;
      }
      Peer h = host;
      if (leaving != null || (h != null && h != where)) {
        next = where; // what comes back from where it was goes first
        gone = h;
      } else {
        if (sendAll(inOrder(), where)) {
          host = where;
        }
      }
    }
    if (gone != null) {
      Objects.requireNonNull(engine.peers()).isGone(gone);
    }
  }

  /** Under the monitor: one line of those that came back, from wherever they were, and the others. */
  private ArrayDeque<RemoteCall<?>> inOrder() {
    if (!cameBack.isEmpty()) {
      parked.addAll(cameBack);
      cameBack.clear();
      List<RemoteCall<?>> all = new ArrayList<>(parked);
      all.sort(Comparator.comparingLong(call -> call.place));
      parked.clear();
      parked.addAll(all);
    }
    return parked;
  }

  private static boolean sendAll(ArrayDeque<RemoteCall<?>> line, Peer where) {
    for (RemoteCall<?> call = line.poll(); call != null; call = line.poll()) {
      if (!call.sendTo(where)) {
        line.addFirst(call);
        return false;
      }
    }
    return true;
  }

  /** A process is gone: calls wait until it is known where the actor lives again. */
  void leaves(Peer gone) {
    synchronized (this) {
      if (host != gone) {
        return;
      }
      host = null;
      leaving = gone;
      confirmed = false;
      open();
    }
    pending.reopened();
  }

  /** After {@link #leaves}: what had not begun there waits here now. */
  void left(Peer gone) {
    Peer where;
    synchronized (this) {
      if (leaving != gone) {
        return;
      }
      leaving = null;
      where = next;
      next = null;
    }
    if (where != null) {
      at(where, epoch);
    }
  }

  /** It is dead. */
  void ended(Death why) {
    List<RemoteCall<?>> left = new ArrayList<>();
    synchronized (this) {
      if (end != null) {
        return;
      }
      end = why;
      host = null;
      open();
      left.addAll(cameBack);
      left.addAll(parked);
      cameBack.clear();
      parked.clear();
    }
    for (RemoteCall<?> call : left) {
      tell(call, why);
    }
    pending.refuseAll(
        new dev.manta.NotExecutedException(
            why.reason(), "the actor " + label() + " " + why.what(), why.cause()));
  }
}
