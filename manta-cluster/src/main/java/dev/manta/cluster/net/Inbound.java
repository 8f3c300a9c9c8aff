package dev.manta.cluster.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connection that another process opened. It belongs to the acceptor's loop until that process has
 * said who it is, and takes no more than its handshake; then to the loop of that peer.
 */
final class Inbound implements IoLoop.Handler {
  /** After so many full buffers of one connection the others have their turn. */
  private static final int READS_IN_A_ROW = 4;

  private final SocketTransport transport;
  private final Acceptor acceptor;
  private final SocketChannel socket;
  private final ByteBuffer handshake = ByteBuffer.allocate(Handshake.BYTES);
  private final FrameDecoder decoder = new FrameDecoder(this::frame);

  /** Who is at the other end; null until it is known. */
  private @Nullable Peer peer;

  private @Nullable SelectionKey key;

  /** What the connection has not taken yet of what this process says on it; null if all. */
  private @Nullable ByteBuffer unsaid;

  private boolean isDecided;

  private Inbound(SocketTransport transport, Acceptor acceptor, SocketChannel socket) {
    this.transport = transport;
    this.acceptor = acceptor;
    this.socket = socket;
  }

  /** Takes a new connection. On the acceptor's loop. */
  static void open(SocketTransport transport, Acceptor acceptor, SocketChannel socket) {
    Inbound inbound = new Inbound(transport, acceptor, socket);
    acceptor.began();
    acceptor.loop().schedule(transport.patience().handshakeMs(), inbound::expire);
    try {
      SelectionKey _ = acceptor.loop().register(socket, SelectionKey.OP_READ, inbound);
    } catch (IOException e) {
      inbound.decided();
    }
  }

  private void expire() {
    if (!isDecided) {
      refuse();
    }
  }

  /** It is known who this is, or it is closed; the next connection may come. */
  private void decided() {
    if (!isDecided) {
      isDecided = true;
      acceptor.ended();
    }
  }

  private void refuse() {
    close();
    decided();
  }

  void close() {
    IoLoop.closeQuietly(socket);
  }

  @Override
  public void ready(SelectionKey key) {
    Peer from = peer;
    if (from == null) {
      greet(key);
      return;
    }
    if (key.isReadable()) {
      read(from);
    }
    if (key.isValid() && key.isWritable() && unsaid != null && say(unsaid)) {
      from.incoming().said();
    }
  }

  @Override
  public void failed(Throwable cause) {
    Peer from = peer;
    if (from == null) {
      refuse();
    } else {
      ended(from, "broke the connection: " + cause);
    }
  }

  /** Says something to the other end; false if that is to be awaited. On the peer's loop. */
  boolean say(ByteBuffer bytes) {
    try {
      int _ = socket.write(bytes);
    } catch (IOException e) {
      return false; // for good: that it is over is read, after what has come
    } finally {
      unsaid = bytes.hasRemaining() ? bytes : null;
    }
    if (key != null && key.isValid()) {
      key.interestOps(
          unsaid == null ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
    return unsaid == null;
  }

  /** Looks at the handshake, once it is there. */
  private void greet(SelectionKey key) {
    try {
      if (socket.read(handshake) < 0) {
        refuse();
        return;
      }
    } catch (IOException e) {
      refuse();
      return;
    }
    if (handshake.position() < Handshake.FIRST_BYTES) {
      return;
    }
    Handshake theirs = Handshake.decode(handshake.array(), transport.secret());
    Peer from = theirs == null ? null : transport.peer(theirs.number());
    if (theirs == null || from == null) {
      refuse();
      return;
    }
    if (theirs.version() != Handshake.VERSION) {
      from.loop().execute(() -> from.lose(Handshake.mismatch(theirs.version())));
      answer(ByteBuffer.allocate(Integer.BYTES).putInt(Handshake.VERSION));
      refuse();
      return;
    }
    if (handshake.hasRemaining()) {
      return;
    }
    decided();
    if (from.loop() == acceptor.loop()) {
      start(from, theirs);
      return;
    }
    key.cancel();
    if (!from.loop().execute(() -> start(from, theirs))) {
      close();
    }
  }

  /** Says why it goes no further; so few bytes are always taken. */
  private void answer(ByteBuffer bytes) {
    try {
      int _ = socket.write(bytes.flip());
    } catch (IOException e) {
      // it is gone, and need not know
    }
  }

  /** Begins to read frames. On the peer's loop. */
  private void start(Peer from, Handshake theirs) {
    if (!from.takes(theirs)) {
      ByteBuffer bytes = ByteBuffer.allocate(Answers.ANSWER_BYTES);
      Answers.writeAnswer(bytes, Answers.REFUSES, transport.id(), 0);
      answer(bytes);
      close();
      return;
    }
    try {
      key = from.loop().register(socket, SelectionKey.OP_READ, this);
    } catch (IOException e) {
      return; // closed: it may come again
    }
    if (from.incoming().accept(this, theirs.connection())) {
      peer = from;
    } else {
      close();
    }
  }

  private void frame(ByteBuffer frame) {
    if (peer != null) {
      peer.received(frame);
    }
  }

  private void read(Peer from) {
    for (int i = 0; i < READS_IN_A_ROW; i++) {
      ByteBuffer bytes = from.loop().readBuffer();
      try {
        if (socket.read(bytes) < 0) {
          ended(
              from,
              decoder.isInFrame()
                  ? "closed the connection in the middle of a frame"
                  : "closed the connection");
          return;
        }
      } catch (IOException e) {
        ended(from, "broke the connection: " + e.getMessage());
        return;
      }
      boolean isFull = !bytes.hasRemaining();
      decode(from, bytes.flip());
      if (!isFull || !socket.isOpen()) {
        break;
      }
    }
    if (from.incoming().isOn(this)) {
      from.incoming().readAll();
    }
  }

  private void ended(Peer from, String why) {
    close();
    from.inboundLost(this, why);
  }

  private void decode(Peer from, ByteBuffer bytes) {
    if (!bytes.hasRemaining()) {
      return;
    }
    from.heard();
    try {
      decoder.decode(bytes);
    } catch (FrameException e) {
      from.lose(e.why());
    } catch (Throwable e) {
      SocketTransport.report("A frame of worker " + from.number() + " failed", e);
      from.lose("sent a frame that this process could not take: " + e);
    }
  }
}
