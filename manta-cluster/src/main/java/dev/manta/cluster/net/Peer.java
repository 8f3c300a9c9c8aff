package dev.manta.cluster.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Another process: what waits to be sent to it, and the connections with it. All of it but {@link #send},
 * {@link #sendAlone} and {@link #queuedBytes} belongs to one loop, on whose thread all else is called.
 */
final class Peer {
  /** So many buffers are sent in one turn of the loop, then the others have theirs. */
  private static final int CHUNKS_IN_A_ROW = 16;

  /** Longer frames are the loop's. */
  private static final int MAX_ALONE_BYTES = 16 << 10;

  /** How long what a peer has sent is still awaited after the connection to it is lost. */
  private static final long PARTING_MS = 1_000;

  /** A header without a frame. */
  private static final byte[] SIGN_OF_LIFE = {};

  private final SocketTransport transport;
  private final int number;
  private final IoLoop loop;
  private final SendQueue queue = new SendQueue();
  private final Runnable drain = this::drain;

  /** The connection that this process opened; null before the first frame. */
  private @Nullable Outbound outbound;

  /** What that connection has not taken yet of what was taken from the queue; null if all. */
  private @Nullable ByteBuffer unsent;

  /** Whether that connection was begun. */
  private boolean connecting;

  /** What is sent on it first; null once it is. */
  private byte @Nullable [] handshake;

  /** The same connection once any thread may write to it: the handshake is sent. */
  private volatile @Nullable SocketChannel direct;

  /** The connection that the peer opened. */
  private @Nullable Inbound inbound;

  /** Why nothing reaches the peer any more, though it may have sent something before. */
  private @Nullable String parting;

  private boolean lost;

  /** Something was written since the last look. */
  private boolean wrote;

  /** Something has come since the last look. */
  private boolean heard;

  Peer(SocketTransport transport, int number, IoLoop loop, byte[] handshake) {
    this.transport = transport;
    this.number = number;
    this.loop = loop;
    this.handshake = handshake;
  }

  int number() {
    return number;
  }

  IoLoop loop() {
    return loop;
  }

  /** Sends a frame; any thread. */
  void send(byte[] frame) {
    if (queue.push(frame)) {
      loop.execute(drain);
    }
  }

  /**
   * Sends a frame that nothing is known to follow soon: by the caller itself where no other waits, since
   * to wake the loop takes longer than the writing. Any thread.
   */
  void sendAlone(byte[] frame) {
    SocketChannel socket = direct;
    if (socket == null || frame.length > MAX_ALONE_BYTES || !queue.isIdle()) {
      send(frame);
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocate(FrameDecoder.HEADER_BYTES + frame.length);
    bytes.putInt(frame.length).put(frame).flip();
    if (!queue.begin()) {
      send(frame);
      return;
    }
    if (queue.isEmpty()) {
      try {
        socket.write(bytes); // does not wait, so an interrupt does not close it
      } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
        loop.execute(() -> writeFailed(e)); // as if still writing, since nobody may write any more
        return;
      }
      if (bytes.hasRemaining()) {
        queue.putBack(frame, bytes.position());
      }
    } else {
      queue.push(frame);
    }
    end();
  }

  private void end() {
    if (queue.end()) {
      loop.execute(drain);
    }
  }

  /** The bytes that wait to be sent; any thread. */
  long queuedBytes() {
    return queue.bytes();
  }

  /** A frame has come. */
  void received(ByteBuffer frame) {
    if (!lost) {
      transport.received(number, frame);
    }
  }

  /** Bytes have come. */
  void heard() {
    heard = true;
  }

  /** Sends a sign of life now and then, while nothing else is sent. */
  void beat(long everyMs) {
    if (lost) {
      return;
    }
    if (!wrote) {
      send(SIGN_OF_LIFE);
    }
    wrote = false;
    loop.schedule(everyMs, () -> beat(everyMs));
  }

  /**
   * Looks now and then whether something has come. It counts looks and not time: this process may have
   * stood still, and then what has come is read before the next look but one.
   *
   * @param most so many looks in a row may find nothing, then {@code silent} is run
   */
  void watch(long everyMs, int most, Runnable silent) {
    heard = false;
    loop.schedule(everyMs, () -> look(everyMs, most, most, silent));
  }

  private void look(long everyMs, int most, int left, Runnable silent) {
    if (lost) {
      return;
    }
    int now = heard ? most : left - 1;
    heard = false;
    if (now > 0) {
      loop.schedule(everyMs, () -> look(everyMs, most, now, silent));
    } else {
      silent.run();
    }
  }

  /** The peer has opened a connection; false if it is not wanted. */
  boolean accept(Inbound connection) {
    if (lost || inbound != null) {
      return false;
    }
    inbound = connection;
    return true;
  }

  /** The connection that this process opened is there, and the socket below it. */
  void connected(Outbound connection, SocketChannel socket) {
    if (lost || parting != null) {
      connection.close();
      return;
    }
    outbound = connection;
    drain();
    direct = socket;
  }

  /**
   * Nothing reaches the peer any more. It is lost once all that it has sent is read: what comes on the
   * other connection, which may not even be accepted yet, can be older than this loss.
   */
  void outboundLost(String why) {
    if (lost || parting != null) {
      return;
    }
    parting = why;
    direct = null;
    queue.close();
    loop.schedule(PARTING_MS, () -> lose(why));
  }

  /** Nothing comes from the peer any more, or is awaited. */
  void inboundLost(String why) {
    lose(parting == null ? why : parting);
  }

  /** Gives the peer up and tells so, once. */
  void lose(String why) {
    if (!lost) {
      shut();
      transport.lost(number, why);
    }
  }

  /** Gives the peer up. */
  void shut() {
    lost = true;
    direct = null;
    queue.close();
    if (outbound != null) {
      outbound.close();
    }
    if (inbound != null) {
      inbound.shut();
    }
    outbound = null;
    inbound = null;
  }

  /** Sends what the connection takes at once of what waits, and gives the peer up. */
  void sendAndShut() {
    drain();
    shut();
  }

  private void drain() {
    if (lost) {
      return;
    }
    Outbound connection = outbound;
    if (connection == null) {
      if (!connecting) {
        connecting = true;
        Outbound.open(this, transport);
      }
      return;
    }
    if (!queue.begin()) {
      return;
    }
    for (int i = 0; i < CHUNKS_IN_A_ROW; i++) {
      if (handshake == null && queue.isEmpty()) {
        end();
        return;
      }
      if (!write(connection)) {
        return;
      }
    }
    var _ = queue.end();
    loop.execute(drain);
  }

  /** Writes a buffer of what waits; false if the connection does not take it all now. */
  private boolean write(Outbound connection) {
    ByteBuffer chunk = loop.takeChunk();
    if (handshake != null) {
      chunk.put(handshake);
      handshake = null;
    }
    queue.fill(chunk);
    wrote = true;
    return write(connection, chunk.flip());
  }

  private boolean write(Outbound connection, ByteBuffer chunk) {
    try {
      connection.write(chunk);
    } catch (IOException | RuntimeException e) {
      loop.giveBack(chunk);
      writeFailed(e);
      return false;
    }
    if (!chunk.hasRemaining()) {
      loop.giveBack(chunk);
      return true;
    }
    // one buffer at a time, so that what waits is counted in the queue
    unsent = chunk;
    connection.awaitWritable(true);
    return false;
  }

  /** The connection takes more. */
  void writable() {
    Outbound connection = outbound;
    ByteBuffer chunk = unsent;
    if (connection != null && chunk != null) {
      unsent = null;
      connection.awaitWritable(false);
      if (write(connection, chunk)) {
        var _ = queue.end();
        drain();
      }
    }
  }

  private void writeFailed(Throwable failure) {
    if (!lost) {
      // the connection still gives what the peer has answered, among it why it closed it, and its end
      queue.close();
      String why = "broke the connection: " + failure.getMessage();
      loop.schedule(PARTING_MS, () -> inboundLost(why));
    }
  }
}
