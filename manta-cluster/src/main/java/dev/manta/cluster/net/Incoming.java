package dev.manta.cluster.net;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The frames from a peer, on one connection after the other, and how many there were: that is told to the
 * peer now and then, and when it goes on on another connection. On the peer's loop.
 */
final class Incoming {
  /** The peer is told after so many frames, */
  static final int ACK_FRAMES = 4_096;

  /** or so many bytes, */
  static final int ACK_BYTES = 256 << 10;

  /** or so long after one. */
  private static final long ACK_MS = 50;

  private final SocketTransport transport;
  private final IoLoop loop;

  /** On which the peer sends; null if there was none, or it has ended. */
  private @Nullable Inbound connection;

  /** Its number. */
  private int number;

  /** How many frames have come. */
  private long count;

  /** How many the peer was told of. */
  private long told;

  /** The bytes of those that it was not told of. */
  private long bytes;

  /** It is waited before the peer is told. */
  private boolean waiting;

  /** The peer is being told. */
  private boolean telling;

  Incoming(SocketTransport transport, IoLoop loop) {
    this.transport = transport;
    this.loop = loop;
  }

  /** Whether the peer sends on this connection. */
  boolean isOn(Inbound which) {
    return which == connection;
  }

  /** Whether the peer had a connection, and has none now. */
  boolean hasEnded() {
    return number > 0 && connection == null;
  }

  /** Goes on on another connection; false if it was opened before the latest one. */
  boolean accept(Inbound next, int itsNumber) {
    if (itsNumber <= number) {
      return false;
    }
    Inbound before = connection;
    connection = next;
    number = itsNumber;
    if (before != null) {
      before.close();
    }
    ByteBuffer answer = ByteBuffer.allocate(Answers.ANSWER_BYTES);
    Answers.writeAnswer(answer, Answers.TAKES, transport.id(), count);
    tell(next, answer);
    return true;
  }

  /** The connection has ended. */
  void ended() {
    connection = null;
  }

  /** A frame has come. */
  void came(int frameBytes) {
    count++;
    bytes += frameBytes;
  }

  /** All that is there for the moment has been read. */
  void readAll() {
    if (count - told >= ACK_FRAMES || bytes >= ACK_BYTES) {
      tell();
    } else if (count > told && !waiting) {
      waiting = true;
      loop.schedule(ACK_MS, this::waited);
    }
  }

  private void waited() {
    waiting = false;
    if (count > told) {
      tell();
    }
  }

  private void tell() {
    Inbound to = connection;
    if (to != null && !telling) {
      tell(to, ByteBuffer.allocate(Long.BYTES).putLong(count));
    }
  }

  private void tell(Inbound to, ByteBuffer bytes) {
    told = count;
    this.bytes = 0;
    telling = !to.say(bytes.flip());
  }

  /** The connection has taken what was said. */
  void said() {
    telling = false;
    readAll();
  }

  void close() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
