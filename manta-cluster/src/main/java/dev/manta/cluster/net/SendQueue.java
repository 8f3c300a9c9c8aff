package dev.manta.cluster.net;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The frames that wait to be sent to a peer, and who may write to it. Any thread pushes. One at a time
 * {@linkplain #begin begins} and takes them as bytes: the peer's loop, or a thread that has found nothing
 * to wait behind.
 */
final class SendQueue {
  /*
   * A stack that who writes takes whole and turns round: one compare-and-set a frame. Who pushes on an
   * empty stack wakes the loop, so nobody does while the loop leaves the stack where it is. The loop does
   * nothing while another thread writes; that one wakes it at its end if there is something by then.
   */
  private static final Entry CLOSED = new Entry(new byte[0]);

  private static final VarHandle NEWEST;
  private static final VarHandle TAKEN_BYTES;
  private static final VarHandle WRITING;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      NEWEST = lookup.findVarHandle(SendQueue.class, "newest", Entry.class);
      TAKEN_BYTES = lookup.findVarHandle(SendQueue.class, "takenBytes", long.class);
      WRITING = lookup.findVarHandle(SendQueue.class, "writing", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable Entry newest;

  /** Whether a thread has begun. What follows is its. */
  private volatile boolean writing;

  /** The bytes of the frames from {@link #oldest} on that are not written. */
  private long takenBytes;

  /** What was taken from the stack, in the order to send. */
  private @Nullable Entry oldest;

  /** How many bytes of the oldest are written; less than none, so many of its header are not. */
  private int written = -FrameDecoder.HEADER_BYTES;

  private static final class Entry {
    final byte[] frame;

    /** In the stack the next older one, after it the next newer one. */
    @Nullable Entry next;

    /** In the stack: of this frame and all older ones, with headers. */
    long bytes;

    Entry(byte[] frame) {
      this.frame = frame;
    }
  }

  /**
   * Adds a frame; drops it if the queue is closed. Any thread.
   *
   * @return true if the caller has to wake the loop
   */
  boolean push(byte[] frame) {
    Entry entry = new Entry(frame);
    for (;;) {
      Entry top = newest;
      if (top == CLOSED) {
        return false;
      }
      entry.next = top;
      entry.bytes = FrameDecoder.HEADER_BYTES + frame.length + (top == null ? 0 : top.bytes);
      if (NEWEST.compareAndSet(this, top, entry)) {
        return top == null;
      }
      Thread.onSpinWait();
    }
  }

  /**
   * How many bytes wait, with headers; any thread. While frames are being taken it can be too small for
   * a moment.
   */
  long bytes() {
    Entry top = newest;
    return (top == null ? 0 : top.bytes) + (long) TAKEN_BYTES.getOpaque(this);
  }

  /** Whether nothing waits and nobody writes, for all that can be seen by any thread. */
  boolean isIdle() {
    return newest == null && !writing;
  }

  /** Begins to write; false if another thread does, which will have the loop woken if it must be. */
  boolean begin() {
    return !writing && WRITING.compareAndSet(this, false, true);
  }

  /** Ends what was begun; true if the caller has to wake the loop. */
  boolean end() {
    boolean left = oldest != null;
    writing = false;
    Entry top = newest;
    return left || (top != null && top != CLOSED);
  }

  /** Whether no frame waits. Only who has begun. */
  boolean isEmpty() {
    Entry top = newest;
    return oldest == null && (top == null || top == CLOSED);
  }

  /** Has the rest of a frame sent first, of which some bytes are written, with the header. As above. */
  void putBack(byte[] frame, int sent) {
    oldest = new Entry(frame);
    written = sent - FrameDecoder.HEADER_BYTES;
    TAKEN_BYTES.setOpaque(this, (long) frame.length - written);
  }

  /** Moves bytes into a buffer, until it is full or nothing waits. As above. */
  void fill(ByteBuffer out) {
    int before = out.position();
    long took = 0;
    for (;;) {
      Entry entry = oldest;
      if (entry == null) {
        took += takeAll();
        entry = oldest;
        if (entry == null) {
          break;
        }
      }
      if (written < 0) {
        if (out.remaining() < FrameDecoder.HEADER_BYTES) {
          break;
        }
        for (; written < 0; written++) {
          out.put((byte) (entry.frame.length >>> (Byte.SIZE * (-written - 1))));
        }
      }
      int count = Math.min(out.remaining(), entry.frame.length - written);
      out.put(entry.frame, written, count);
      written += count;
      if (written < entry.frame.length) {
        break;
      }
      written = -FrameDecoder.HEADER_BYTES;
      oldest = entry.next;
    }
    TAKEN_BYTES.setOpaque(this, takenBytes + took - (out.position() - before));
  }

  /** Drops what waits and what is pushed from now on. Only the loop. */
  void close() {
    newest = CLOSED;
    oldest = null;
    TAKEN_BYTES.setOpaque(this, 0L);
  }

  private long takeAll() {
    Entry top = newest;
    if (top == null || top == CLOSED) {
      return 0;
    }
    top = (Entry) NEWEST.getAndSet(this, null);
    long bytes = top.bytes;
    Entry newer = null;
    for (Entry entry = top; entry != null;) {
      Entry older = entry.next;
      entry.next = newer;
      newer = entry;
      entry = older;
    }
    oldest = newer;
    return bytes;
  }
}
