package dev.manta.engine;

import dev.manta.ActorOptions;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * An actor of another process, as this process knows it: where it lives now, and the calls that wait
 * until that is known. Its monitor is taken before those of a peer's queue, after none.
 */
final class RemoteCell {
  final Engine engine;
  final long id;
  final ActorOptions options;
  final Pending pending;
  final Groups groups;

  /** The full name of its class, as far as the type of its constructor tells. */
  final String className;

  private final ArrayDeque<RemoteCall<?>> parked = new ArrayDeque<>();
  private volatile @Nullable Peer host;
  private volatile @Nullable Death end;
  private volatile boolean confirmed;
  private volatile long epoch;

  RemoteCell(Engine engine, long id, ActorOptions options, String className) {
    this.engine = engine;
    this.id = id;
    this.options = options;
    this.className = className;
    this.pending = new Pending(options.maxPendingCalls(), options.maxPendingBytes());
    this.groups = Groups.of(options);
  }

  String label() {
    String name = options.name();
    return name != null ? name : classAndNumber();
  }

  /** As in {@code Counter#7}. */
  String classAndNumber() {
    return FunctionCode.simpleName(className) + ActorCell.numberOf(id);
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
      route(call);
    } else {
      call.leave();
    }
  }

  /** Sends a queued call, or keeps it until it is known where. */
  void route(RemoteCall<?> call) {
    Peer h = host;
    if (h != null && call.sendTo(h)) {
      return;
    }
    Death d;
    synchronized (this) {
      d = end;
      h = host;
      if (d == null) {
        if (h == null || !call.sendTo(h)) {
          parked.add(call);
        }
        return;
      }
    }
    tell(call, d);
  }

  /** A call that was sent comes back, not begun: it is sent before all that came after it. */
  void takeBack(RemoteCall<?> call) {
    synchronized (this) {
      if (end == null && host == null) {
        parked.addFirst(call);
        return;
      }
    }
    route(call);
  }

  private static void tell(RemoteCall<?> call, Death d) {
    call.notSent(d.reason(), "its actor " + d.what(), d.cause());
    call.leave();
  }

  // ---- where it lives

  /** It lives there now: sends what has waited. */
  void at(Peer where, long epoch) {
    synchronized (this) {
      if (end != null || epoch < this.epoch) {
        return;
      }
      this.epoch = epoch;
      for (RemoteCall<?> call = parked.poll(); call != null; call = parked.poll()) {
        if (!call.sendTo(where)) {
          parked.addFirst(call);
          return;
        }
      }
      host = where;
    }
  }

  /** A process is gone: calls wait until it is known where the actor lives again. */
  void leaves(Peer gone) {
    synchronized (this) {
      if (host == gone) {
        host = null;
        confirmed = false;
      }
    }
  }

  /** It is dead. */
  void ended(Death why) {
    java.util.List<RemoteCall<?>> left;
    synchronized (this) {
      if (end != null) {
        return;
      }
      end = why;
      host = null;
      left = java.util.List.copyOf(parked);
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
