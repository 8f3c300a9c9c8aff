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
  private static final long HANDSHAKE_TIMEOUT_MS = 5_000;

  /** After so many full buffers of one connection the others have their turn. */
  private static final int READS_IN_A_ROW = 4;

  private final SocketTransport transport;
  private final Acceptor acceptor;
  private final SocketChannel socket;
  private final ByteBuffer handshake = ByteBuffer.allocate(Handshake.BYTES);
  private final FrameDecoder decoder = new FrameDecoder(this::frame);

  /** Who is at the other end; null until it is known. */
  private @Nullable Peer peer;

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
    acceptor.loop().schedule(HANDSHAKE_TIMEOUT_MS, inbound::expire);
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

  private void close() {
    IoLoop.closeQuietly(socket);
  }

  @Override
  public void ready(SelectionKey key) {
    Peer from = peer;
    if (from == null) {
      greet(key);
    } else {
      read(from);
    }
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
    if (handshake.hasRemaining()) {
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
      answer();
      refuse();
      return;
    }
    decided();
    if (from.loop() == acceptor.loop()) {
      start(from);
      return;
    }
    key.cancel();
    if (!from.loop().execute(() -> start(from))) {
      close();
    }
  }

  /** Says which version this process speaks; so few bytes are always taken. */
  private void answer() {
    try {
      int _ = socket.write(ByteBuffer.allocate(Integer.BYTES).putInt(Handshake.VERSION).flip());
    } catch (IOException e) {
      // it is gone, and need not know
    }
  }

  /** Begins to read frames. On the peer's loop. */
  private void start(Peer from) {
    if (!from.accept(this)) {
      close();
      return;
    }
    peer = from;
    try {
      SelectionKey _ = from.loop().register(socket, SelectionKey.OP_READ, this);
    } catch (IOException e) {
      from.inboundLost("broke the connection: " + e.getMessage());
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
        return;
      }
    }
  }

  private void ended(Peer from, String why) {
    close();
    from.inboundLost(why);
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

  /** Closes the connection; on the peer's loop. */
  void shut() {
    close();
  }
}
