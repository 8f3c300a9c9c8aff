package dev.manta.engine;

import dev.manta.CancelScope;
import dev.manta.Reason;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Pending refs that were passed to a peer, which is told when they complete. */
final class Exports {
  private final Peer peer;
  private final AtomicLong next = new AtomicLong();
  private final ConcurrentHashMap<Long, Ref<?>> pending = new ConcurrentHashMap<>();

  Exports(Peer peer) {
    this.peer = peer;
  }

  /** The number by which the peer is told of the ref's end. */
  long add(Ref<?> ref) {
    long number = next.getAndIncrement();
    pending.put(number, ref);
    Waiter end =
        new Waiter() {
          @Override
          void completed(Ref<?> complete) {
            if (pending.remove(number) == null) {
              return; // it was not sent, or the peer is gone
            }
            WireWriter out = new WireWriter(Frames.REF_DONE);
            out.writeUnsigned(number);
            peer.sendOutcome(out, complete);
          }
        };
    if (!ref.subscribe(end)) {
      end.completed(ref);
    }
    return number;
  }

  void cancel(long number, CancelScope scope) {
    Ref<?> ref = pending.get(number);
    if (scope == CancelScope.FORCE && ref instanceof Work<?> work
        && !(work instanceof RemoteWork)) {
      work.stop(Reason.CANCELLED, true);
      if (work.phase() == Work.STARTED) {
        Peers peers = peer.peers;
        peers.end(peers.self(), "was ended by cancel(FORCE) of " + work);
      }
    } else if (ref != null) {
      ref.cancel(scope);
    }
  }

  /** A ref was not sent after all. */
  void remove(long number) {
    pending.remove(number);
  }

  boolean isEmpty() {
    return pending.isEmpty();
  }

  void clear() {
    pending.clear();
  }
}
