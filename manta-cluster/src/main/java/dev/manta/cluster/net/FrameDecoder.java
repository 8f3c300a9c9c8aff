package dev.manta.cluster.net;

import java.nio.ByteBuffer;

/**
 * Cuts the bytes of one connection into frames: the length in 4 bytes, big endian, then as many bytes.
 * A length of 0 is a sign of life and no frame.
 * One thread at a time; of no use any more after a {@link FrameException}.
 */
final class FrameDecoder {
  /** The bytes of the length. */
  static final int HEADER_BYTES = 4;

  /** The longest frame, in bytes without its header. */
  static final int MAX_FRAME_BYTES = 64 << 20;

  private static final int FIRST_BYTES = 4 << 10;

  /** A longer buffer is let go after its frame. */
  private static final int KEPT_BYTES = 1 << 20;

  private static final byte[] NONE = {};

  private final Sink sink;

  /** The beginning of a frame whose end has not come, with its header. */
  private byte[] partial = NONE;

  /** How many bytes of it there are. */
  private int have;

  FrameDecoder(Sink sink) {
    this.sink = sink;
  }

  /** What takes the frames. */
  interface Sink {
    /**
     * A frame.
     *
     * @param frame big endian, of the frame's bytes alone; valid during this call only
     */
    void frame(ByteBuffer frame);
  }

  /**
   * Takes all bytes of a buffer that the connection gave. A frame that lies in it whole is not copied.
   *
   * @param in big endian
   * @throws FrameException for a length that no frame has; the frames before it have been given to the
   *     sink
   */
  void decode(ByteBuffer in) throws FrameException {
    if (have > 0 && !complete(in)) {
      return;
    }
    while (in.remaining() >= HEADER_BYTES) {
      int length = checked(in.getInt(in.position()));
      if (in.remaining() - HEADER_BYTES < length) {
        break;
      }
      int start = in.position() + HEADER_BYTES;
      in.position(start + length);
      if (length > 0) {
        sink.frame(in.slice(start, length));
      }
    }
    if (in.hasRemaining()) {
      take(in, in.remaining());
    }
  }

  /** Whether the bytes so far end in the middle of a frame. */
  boolean isInFrame() {
    return have > 0;
  }

  /** How much memory is held for a frame that is not complete, in bytes. */
  int heldBytes() {
    return partial.length;
  }

  private static int checked(int length) throws FrameException {
    if (length < 0 || length > MAX_FRAME_BYTES) {
      throw new FrameException("broke the protocol: a frame of " + length + " bytes");
    }
    return length;
  }

  /** Goes on with the frame that was not complete; false if it still is not. */
  private boolean complete(ByteBuffer in) throws FrameException {
    if (have < HEADER_BYTES) {
      take(in, HEADER_BYTES);
      if (have < HEADER_BYTES) {
        return false;
      }
    }
    int length = checked(ByteBuffer.wrap(partial).getInt(0));
    take(in, HEADER_BYTES + length);
    if (have < HEADER_BYTES + length) {
      return false;
    }
    ByteBuffer frame = ByteBuffer.wrap(partial, HEADER_BYTES, length).slice();
    have = 0;
    if (partial.length > KEPT_BYTES) {
      partial = NONE;
    }
    if (length > 0) {
      sink.frame(frame);
    }
    return true;
  }

  /**
   * Keeps bytes until there are so many. The memory follows what has come, not what a header promises,
   * and at least doubles, so that a byte is copied about twice.
   */
  private void take(ByteBuffer in, int until) {
    int count = Math.min(in.remaining(), until - have);
    int needed = have + count;
    if (needed > partial.length) {
      int doubled = Math.max(FIRST_BYTES, 2 * partial.length);
      byte[] larger = new byte[Math.max(needed, Math.min(doubled, MAX_FRAME_BYTES + HEADER_BYTES))];
      System.arraycopy(partial, 0, larger, 0, have);
      partial = larger;
    }
    in.get(partial, have, count);
    have = needed;
  }
}
