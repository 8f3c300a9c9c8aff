package dev.manta.engine;

import dev.manta.CancelScope;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.util.concurrent.ConcurrentHashMap;

/** Pending refs that came from a peer. */
final class Borrows {
  private final Peer peer;

  /** Until both have come: the ref itself, and its end. */
  private final ConcurrentHashMap<Long, Borrowed> open = new ConcurrentHashMap<>();

  Borrows(Peer peer) {
    this.peer = peer;
  }

  /** The ref of a number. It may complete before it comes, since other threads send its end. */
  Ref<?> take(long number) {
    Borrowed ref = open.computeIfAbsent(number, n -> new Borrowed(peer, n));
    if (ref.isDone()) {
      open.remove(number);
    } else if (peer.isLost()) {
      lost(ref);
    }
    return ref;
  }

  void done(WireReader in) {
    long number = in.readUnsigned();
    Object outcome = WireValues.readOutcome(peer, in);
    in.end();
    Borrowed fresh = new Borrowed(peer, number);
    Borrowed known = open.putIfAbsent(number, fresh);
    if (known != null) {
      open.remove(number);
    }
    Borrowed ref = known == null ? fresh : known;
    if (outcome instanceof Ref.Failure failure) {
      ref.fail(failure.error);
    } else {
      ref.complete(outcome);
    }
  }

  void lost() {
    for (Borrowed ref : open.values()) {
      lost(ref);
    }
    open.clear();
  }

  private void lost(Borrowed ref) {
    ref.fail(
        new OutcomeUnknownException(
            Reason.OWNER_DIED, "a ref is lost: " + peer + ", which owned it, " + peer.why(),
            null));
  }

  /** A ref of another process. */
  private static final class Borrowed extends Ref<Object> {
    private final Peer owner;
    private final long number;

    Borrowed(Peer owner, long number) {
      super(owner.engine);
      this.owner = owner;
      this.number = number;
    }

    @Override
    public boolean cancel(CancelScope scope) {
      if (isDone()) {
        return false;
      }
      WireWriter out = new WireWriter(Frames.CANCEL_REF);
      out.writeUnsigned(number).writeFlag(scope == CancelScope.WITH_CHILDREN);
      owner.send(out);
      return true;
    }
  }
}
