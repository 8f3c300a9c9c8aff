package dev.manta.cluster.net;

import java.nio.ByteBuffer;

/**
 * Reads what comes back on a connection that this process has opened: one answer to its handshake, then
 * now and then how many frames the peer has.
 *
 * <p>The answer is the version (4 bytes), which is all that a peer of another version sends; then whether
 * the peer takes frames (1 byte: 0 if so, 1 if it has given this process up or never was who is meant), its
 * id (8), and how many frames it has (8). Then each time so many (8). Big endian.
 *
 * <p>One thread at a time; of no use any more after a {@link FrameException}.
 */
final class Answers {
  static final int ANSWER_BYTES = 4 + 1 + 8 + 8;

  static final byte TAKES = 0;
  static final byte REFUSES = 1;

  private final Sink sink;
  private final ByteBuffer partial = ByteBuffer.allocate(ANSWER_BYTES);
  private boolean isAnswered;

  /** How many frames the peer had. */
  private long count;

  Answers(Sink sink) {
    this.sink = sink;
    partial.limit(Integer.BYTES);
  }

  /** What takes them. */
  interface Sink {
    /** The peer takes frames. */
    void taken(long id, long count);

    /** The peer takes no frames of this process. */
    void refused();

    /** The peer has so many frames. */
    void acknowledged(long count);
  }

  /** What a peer that takes frames, or does not, answers. */
  static void writeAnswer(ByteBuffer out, byte code, long id, long count) {
    out.putInt(Handshake.VERSION).put(code).putLong(id).putLong(count);
  }

  /**
   * Takes all bytes of a buffer that the connection gave.
   *
   * @throws FrameException for an answer that there can't be
   */
  void decode(ByteBuffer in) throws FrameException {
    while (in.hasRemaining()) {
      int taken = Math.min(in.remaining(), partial.remaining());
      partial.put(in.slice(in.position(), taken));
      in.position(in.position() + taken);
      if (!partial.hasRemaining()) {
        whole();
      }
    }
  }

  private void whole() throws FrameException {
    if (isAnswered) {
      long next = checked(partial.getLong(0));
      partial.clear().limit(Long.BYTES);
      sink.acknowledged(next);
    } else if (partial.limit() == Integer.BYTES) {
      int version = partial.getInt(0);
      if (version != Handshake.VERSION) {
        throw new FrameException(Handshake.mismatch(version));
      }
      partial.limit(ANSWER_BYTES);
    } else {
      partial.position(Integer.BYTES);
      byte code = partial.get();
      long id = partial.getLong();
      long first = checked(partial.getLong());
      partial.clear().limit(Long.BYTES);
      isAnswered = true;
      if (code == TAKES) {
        sink.taken(id, first);
      } else if (code == REFUSES) {
        sink.refused();
      } else {
        throw new FrameException("broke the protocol: the answer " + code);
      }
    }
  }

  private long checked(long next) throws FrameException {
    if (next < count) {
      throw new FrameException("broke the protocol: has " + next + " frames after " + count);
    }
    count = next;
    return next;
  }
}
