package dev.manta.engine;

import dev.manta.CancelScope;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireException;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.util.concurrent.ConcurrentHashMap;

/** Pending refs that came from a peer. */
final class Borrows {
  /** The most refs of a peer that are pending here. */
  static final int MAX_OPEN = 1_000_000;

  /** The most ends that may wait for their refs, which other threads are about to send. */
  private static final int MAX_EARLY = 10_000;

  private static final long MAX_EARLY_BYTES = 64L << 20;

  private final Peer peer;

  /** Until both have come: the ref itself, and its end. */
  private final ConcurrentHashMap<Long, Borrowed> open = new ConcurrentHashMap<>();

  /* Of those whose end has come before the ref; only the thread that reads from the peer. */
  private long early;
  private long earlyBytes;

  Borrows(Peer peer) {
    this.peer = peer;
  }

  /** The ref of a number. It may complete before it comes, since other threads send its end. */
  Ref<?> take(long number) {
    Borrowed ref = open.get(number);
    if (ref == null) {
      if (open.size() >= MAX_OPEN) {
        throw new WireException("more than " + MAX_OPEN + " refs of it are pending");
      }
      ref = new Borrowed(peer, number);
      open.put(number, ref);
    } else if (ref.earlyBytes > 0) {
      open.remove(number);
      early--;
      earlyBytes -= ref.earlyBytes;
      ref.earlyBytes = 0;
    }
    return ref;
  }

  void done(WireReader in) {
    int bytes = in.remaining();
    long number = in.readUnsigned();
    Object outcome = WireValues.readOutcome(peer, in);
    in.end();
    Borrowed ref = open.remove(number);
    if (ref == null) {
      ref = new Borrowed(peer, number);
      addEarly(ref, bytes);
    } else if (ref.earlyBytes > 0) {
      throw new WireException("a ref has ended twice");
    }
    if (outcome instanceof Ref.Failure failure) {
      ref.fail(failure.error);
    } else {
      ref.complete(outcome);
    }
  }

  /** An end has come before its ref. */
  private void addEarly(Borrowed ref, int bytes) {
    if (early >= MAX_EARLY || earlyBytes > MAX_EARLY_BYTES) {
      throw new WireException("refs have ended that have not come");
    }
    early++;
    earlyBytes += bytes;
    ref.earlyBytes = bytes;
    open.put(ref.number, ref);
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

    /** The bytes of its end, where that has come first; else 0. */
    private int earlyBytes;

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
      out.writeUnsigned(number);
      WireErrors.write(out, scope);
      owner.send(out);
      return true;
    }
  }
}
