package dev.manta.cluster.net;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The frames to a peer that wait to be sent, or that were sent and may have to be sent again; and who may
 * write to it. Any thread pushes. One at a time {@linkplain #begin begins} and takes frames as bytes: the
 * peer's loop, or a thread that has found nothing to wait behind.
 */
final class SendQueue {
  /*
   * A stack that who writes takes whole and turns round: one compare-and-set a frame. Who pushes on an
   * empty stack wakes the loop, so nobody does while the loop leaves the stack where it is. The loop does
   * nothing while another thread writes; that one wakes it at its end if there is something by then.
   *
   * What was taken is one chain: from `first` on what the peer may not have yet, from `next` on what is not
   * written. Frames without bytes are signs of life: they are in the chain, and in no count.
   */

  /** As long as the peer has not said that it has them, so much memory is held for frames that are sent. */
  static final long MAX_HELD_BYTES = 8 << 20;

  /** What a frame takes beside its bytes, about. */
  static final int ENTRY_BYTES = 64;

  private static final Entry CLOSED = new Entry(new byte[0]);

  private static final VarHandle NEWEST;
  private static final VarHandle TAKEN_BYTES;
  private static final VarHandle HELD_BYTES;
  private static final VarHandle WRITING;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      NEWEST = lookup.findVarHandle(SendQueue.class, "newest", Entry.class);
      TAKEN_BYTES = lookup.findVarHandle(SendQueue.class, "takenBytes", long.class);
      HELD_BYTES = lookup.findVarHandle(SendQueue.class, "heldBytes", long.class);
      WRITING = lookup.findVarHandle(SendQueue.class, "writing", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable Entry newest;

  /** How many frames the peer has said that it has. Only the loop writes it. */
  private volatile long acknowledged;

  /** Whether a thread has begun. What follows is its. */
  private volatile boolean writing;

  /** The bytes of the frames from {@link #next} on that are not written. */
  private long takenBytes;

  /** The memory of the frames before {@link #next}. */
  private long heldBytes;

  /** How many frames came before {@link #first}. */
  private long trimmed;

  /** How many frames came before {@link #next}. */
  private long sent;

  private @Nullable Entry first;
  private @Nullable Entry next;
  private @Nullable Entry last;

  /** How many bytes of the next are written; less than none, so many of its header are not. */
  private int written = -FrameDecoder.HEADER_BYTES;

  /** A frame with its place in the queue. */
  static final class Entry {
    private final byte[] frame;

    /** In the stack the next older one, after it the next newer one. */
    private @Nullable Entry next;

    /** In the stack: of this frame and all older ones, with headers. */
    private long bytes;

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
    return push(new Entry(frame));
  }

  /** The same for one that has a place already. */
  boolean push(Entry entry) {
    for (;;) {
      Entry top = newest;
      if (top == CLOSED) {
        return false;
      }
      entry.next = top;
      entry.bytes =
          FrameDecoder.HEADER_BYTES + entry.frame.length + (top == null ? 0 : top.bytes);
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

  /** How much memory is held for frames that were sent, in bytes, about; any thread. */
  long heldBytes() {
    return (long) HELD_BYTES.getOpaque(this);
  }

  /** Whether who pushes now has to wake the loop, for all that can be seen by any thread. */
  boolean hasNone() {
    return newest == null;
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
    boolean isFull = isFull();
    boolean left = next != null;
    long settled = trimmed;
    writing = false;
    Entry top = newest;
    // a full queue goes on when the peer has said what it has
    return top == CLOSED || acknowledged != settled || (!isFull && (left || top != null));
  }

  /** Whether there is something that may be sent now. Only who has begun. */
  boolean isReady() {
    if (isFull()) {
      return false;
    }
    Entry top = newest;
    return next != null || (top != null && top != CLOSED);
  }

  /** Whether the peer has to say first what it has; never within a frame. */
  private boolean isFull() {
    return heldBytes >= MAX_HELD_BYTES && written == -FrameDecoder.HEADER_BYTES;
  }

  /**
   * Adds a frame as one that is sent, which the caller does now; false if it has to wait. Only who has
   * begun.
   */
  boolean append(Entry entry) {
    if (next != null || newest != null || isFull()) {
      return false;
    }
    entry.next = null;
    if (last == null) {
      first = entry;
    } else {
      last.next = entry;
    }
    last = entry;
    sent++;
    hold(entry, 1);
    return true;
  }

  /** Has the rest of the frame sent that was appended, of which some bytes are, with the header. */
  void putBack(int bytes) {
    Entry entry = last;
    if (entry != null) { // not closed meanwhile
      next = entry;
      sent--;
      hold(entry, -1);
      written = bytes - FrameDecoder.HEADER_BYTES;
      TAKEN_BYTES.setOpaque(this, (long) entry.frame.length - written);
    }
  }

  /** Moves bytes into a buffer, until it is full or nothing may be sent. Only who has begun. */
  void fill(ByteBuffer out) {
    int before = out.position();
    long took = 0;
    while (!isFull()) {
      Entry entry = next;
      if (entry == null) {
        took += takeAll();
        entry = next;
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
      next = entry.next;
      if (entry.frame.length > 0) {
        sent++;
        hold(entry, 1);
      } else if (entry == first) {
        dropFirst(entry);
      }
    }
    TAKEN_BYTES.setOpaque(this, takenBytes + took - (out.position() - before));
  }

  private void hold(Entry entry, int sign) {
    HELD_BYTES.setOpaque(this, heldBytes + sign * (long) (ENTRY_BYTES + entry.frame.length));
  }

  /**
   * Notes that the peer has so many frames, counted from the first; {@link #trim} is to follow, by who has
   * begun. Only the loop.
   */
  void acknowledge(long count) {
    acknowledged = count;
  }

  /**
   * Lets go of the frames that the peer has. Only who has begun.
   *
   * @throws FrameException if it was not sent as many, or had more before
   */
  void trim() throws FrameException {
    long count = acknowledged;
    if (count < trimmed || count > sent) {
      throw new FrameException("broke the protocol: has " + count + " frames of " + sent);
    }
    for (Entry entry = first; entry != null && entry != next; entry = first) {
      if (entry.frame.length > 0) {
        if (trimmed == count) {
          break;
        }
        trimmed++;
        hold(entry, -1);
      }
      dropFirst(entry);
    }
  }

  private void dropFirst(Entry entry) {
    first = entry.next;
    entry.next = null; // else an old one that is garbage would keep young ones from being so
    if (first == null) {
      last = null;
    }
  }

  /**
   * Has all frames sent again that the peer does not have. Only who has begun, and the loop.
   *
   * @param count how many it has, counted from the first
   * @return whether it has more than was known
   * @throws FrameException as {@link #trim}
   */
  boolean rewind(long count) throws FrameException {
    long before = acknowledged;
    if (count < before) {
      throw new FrameException("broke the protocol: has " + count + " frames after " + before);
    }
    acknowledged = count;
    trim();
    next = first;
    sent = trimmed;
    written = -FrameDecoder.HEADER_BYTES;
    long bytes = 0;
    for (Entry entry = first; entry != null; entry = entry.next) {
      bytes += FrameDecoder.HEADER_BYTES + entry.frame.length;
    }
    TAKEN_BYTES.setOpaque(this, bytes);
    HELD_BYTES.setOpaque(this, 0L);
    return count > before;
  }

  /** Drops what waits in the stack and what is pushed from now on; {@link #clear} is to follow. */
  void close() {
    newest = CLOSED;
  }

  /** Drops the rest. Only who has begun. */
  void clear() {
    first = null;
    next = null;
    last = null;
    TAKEN_BYTES.setOpaque(this, 0L);
    HELD_BYTES.setOpaque(this, 0L);
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
    if (last == null) {
      first = newer;
    } else {
      last.next = newer;
    }
    last = top;
    next = newer;
    return bytes;
  }
}
