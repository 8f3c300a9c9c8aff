package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Sends the elements of a stream to the process that reads it, and the stream's end after the last. An
 * element keeps its place in the producer's buffer until it was read. Its monitor is taken before that of
 * the channel.
 *
 * <p>What code of this process emits quickly, one after the other, is sent together: until the code waits,
 * takes longer for the next, or ends; and at the latest after a millisecond. For each frame that is sent
 * alone two threads are woken, which takes as long as to produce a hundred elements.
 */
final class Outflow extends Waiter {
  /** An element that follows so soon was emitted quickly, and so will be the next one, probably. */
  private static final long SOON_NS = 5_000;

  /** No element is held back for longer, if its producer does something else. */
  private static final long MAX_HELD_NS = 1_000_000;

  /** When there are so many bytes they are sent. */
  private static final int MAX_HELD_BYTES = 8 << 10;

  private final Channel channel;
  private final Peer reader;
  private final long id;
  private final Host host;

  /** The call or task that emits. */
  private final Work<?> producer;

  /* What follows is guarded by this. */
  private final ArrayDeque<Object> lent = new ArrayDeque<>();

  /** A frame with elements that are held back; null if none are. */
  private @Nullable WireWriter held;

  /** The size of a frame without elements. */
  private int empty;

  /** A timer runs that sends what is held back. */
  private boolean timed;

  /** When the producer has emitted last. */
  private long emittedNs;

  /** An element could not be sent: nothing more is read. */
  private boolean broken;

  private @Nullable Ref<?> end;
  private boolean ended;

  Outflow(Peer reader, long id, Channel channel, Work<?> producer) {
    this.reader = reader;
    this.id = id;
    this.channel = channel;
    this.producer = producer;
    this.host = reader.engine.host;
    channel.listen(this::pump);
  }

  /** The reader has read some. */
  void read(int elements) {
    channel.read(elements);
    boolean over;
    synchronized (this) {
      over = ended && !channel.hasLent();
    }
    if (over) {
      reader.outflows.remove(id);
    }
  }

  /** Nobody will read any more. */
  void abandon() {
    channel.abandon();
  }

  /** The producer's code is about to wait. */
  synchronized void producerWaits() {
    sendHeld(true);
  }

  /** The producing call has ended. */
  @Override
  void completed(Ref<?> call) {
    synchronized (this) {
      end = call;
    }
    channel.end(null);
    pump();
  }

  private void pump() {
    boolean isBroken;
    synchronized (this) { // so that the elements keep their order
      channel.lendAll(lent);
      for (Object next = lent.poll(); next != null; next = lent.poll()) {
        add(next);
      }
      if (!mayHold()) {
        sendHeld(true);
      }
      Ref<?> call = end;
      if (call != null && channel.isAtEnd() && !ended) {
        ended = true;
        reader.answer(id, call);
        if (!channel.hasLent()) {
          reader.outflows.remove(id);
        }
      }
      isBroken = broken;
      broken = false;
    }
    if (isBroken) { // who waits for room is told under no monitor
      channel.abandon();
      channel.end(null);
      pump();
    }
  }

  /** Under the monitor. */
  private void add(Object element) {
    WireWriter out = null;
    int before = 0;
    try {
      Object value = WireValues.encoded(reader, element); // which runs code of its class
      out = held;
      if (out == null) {
        out = new WireWriter(Frames.ELEMENTS).writeUnsigned(id);
        empty = out.size();
      }
      before = out.size();
      WireValues.write(reader, out, value);
      held = out;
      if (out.size() > MAX_HELD_BYTES) {
        sendHeld(false);
      }
      if (element instanceof Copied c) {
        c.letGo();
      }
    } catch (RuntimeException e) {
      takeBack(out, before);
      if (held != null) { // it may fit by itself
        sendHeld(false);
        add(element);
        return;
      }
      lent.clear();
      end = new Ref<>(reader.engine);
      end.fail(Failures.notSent(producer, e));
      broken = true;
    } catch (Error e) { // as of a full stack: its emit fails
      takeBack(out, before);
      throw e;
    }
  }

  /** Takes out of a frame what was written last. */
  private void takeBack(@Nullable WireWriter out, int before) {
    if (out != null) {
      out.truncate(before);
      held = before == empty ? null : out;
    }
  }

  /**
   * Under the monitor, after an element was emitted.
   *
   * @return whether the next one will come soon, or a wait before which this is told
   */
  @SuppressWarnings("ReferenceEquality") // the very call
  private boolean mayHold() {
    Runner runner = Runner.current();
    if (end != null || runner == null || runner.ownWork() != producer) {
      return false;
    }
    long now = host.nanoTime();
    boolean isQuick = channel.takeHadToWait() || now - emittedNs < SOON_NS;
    emittedNs = now;
    if (isQuick && held != null && !timed) {
      host.schedule(MAX_HELD_NS, this::heldLong);
      timed = true;
    }
    return isQuick;
  }

  /** On a thread of its own: the producer may have the monitor while it encodes a large element. */
  private void heldLong() {
    var _ = host.startVirtual("manta-held", () -> {
      synchronized (this) {
        timed = false;
        sendHeld(false);
      }
    });
  }

  /** Under the monitor: sends what is held back, if anything is. */
  private void sendHeld(boolean alone) {
    WireWriter out = held;
    if (out == null) {
      return;
    }
    if (alone) {
      reader.sendAlone(out);
    } else {
      reader.send(out);
    }
    held = null;
  }
}
