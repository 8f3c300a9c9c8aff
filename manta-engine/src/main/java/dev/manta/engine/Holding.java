package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether code of this process holds an actor that it hosts for all: the driver asks once no other process
 * does, and is told as soon as this one does not either. Its monitor is a leaf.
 */
final class Holding {
  /** So long after the question a collection is asked for, which finds out whether it is still held. */
  private static final long COLLECT_NS = 1_000_000_000;

  private final ActorCell cell;

  /** What the handles of this process share; null before there is one. */
  private @Nullable WeakReference<Lease> lease;

  /** The driver's question that is not answered; 0 if there is none. */
  private long question;

  Holding(ActorCell cell) {
    this.cell = cell;
  }

  /** What keeps the actor held by this process while it can be reached. */
  Lease lease() {
    Lease fresh;
    synchronized (this) {
      Lease held = held();
      if (held != null) {
        return held;
      }
      fresh = new Lease(cell);
      lease = new WeakReference<>(fresh);
    }
    cell.engine.host.whenUnreachable(fresh, this::letGo);
    return fresh;
  }

  /** Under the monitor. */
  private @Nullable Lease held() {
    WeakReference<Lease> l = lease;
    return l == null ? null : l.get();
  }

  /** The driver asks whether code of this process holds it. */
  void asked(long number) {
    boolean isHeld;
    synchronized (this) {
      isHeld = held() != null;
      question = isHeld ? number : 0;
    }
    if (!isHeld) {
      answer(number);
    } else {
      cell.engine.host.schedule(COLLECT_NS, () -> collect(number));
    }
  }

  private void collect(long number) {
    Lending lending = peers().lending();
    boolean isOpen;
    synchronized (this) {
      isOpen = question == number;
    }
    if (isOpen && lending != null) {
      lending.collect(false);
    }
  }

  /** The handles of a lease are gone. */
  private void letGo() {
    long number;
    synchronized (this) {
      if (held() != null) {
        return;
      }
      number = question;
      question = 0;
    }
    if (number > 0) {
      answer(number);
    }
  }

  private void answer(long number) {
    WireWriter out = new WireWriter(Frames.UNHELD);
    out.writeUnsigned(cell.number).writeUnsigned(number);
    peers().driver().send(out);
  }

  private Peers peers() {
    return java.util.Objects.requireNonNull(cell.engine.peers());
  }
}
