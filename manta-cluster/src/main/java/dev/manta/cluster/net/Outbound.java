package dev.manta.cluster.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The connection that this process opens to a peer. What comes on it is at most the peer's version of
 * the protocol, if that is another one. All on the peer's loop.
 */
final class Outbound implements IoLoop.Handler {
  private final Peer peer;
  private final SocketChannel socket;
  private final ByteBuffer answer = ByteBuffer.allocate(Integer.BYTES);
  private @Nullable SelectionKey key;

  private Outbound(Peer peer, SocketChannel socket) {
    this.peer = peer;
    this.socket = socket;
  }

  /** Opens the connection; the peer is told when it is there, and when it is lost or can't be had. */
  static void open(Peer peer, SocketTransport transport) {
    SocketChannel socket;
    try {
      socket = transport.sockets().newSocket();
    } catch (IOException e) {
      peer.outboundLost("cannot be reached: " + e.getMessage());
      return;
    }
    Outbound outbound = new Outbound(peer, socket);
    try {
      outbound.key = peer.loop().register(socket, SelectionKey.OP_CONNECT, outbound);
      if (socket.connect(transport.sockets().address(peer.number()))) {
        outbound.connected();
      }
    } catch (IOException | RuntimeException e) {
      outbound.unreachable(e);
    }
  }

  private void unreachable(Exception cause) {
    close();
    peer.outboundLost("cannot be reached: " + cause.getMessage());
  }

  private void connected() {
    ask(SelectionKey.OP_READ);
    peer.connected(this, socket);
  }

  @Override
  public void ready(SelectionKey key) {
    if (key.isConnectable()) {
      try {
        if (socket.finishConnect()) {
          connected();
        }
      } catch (IOException | RuntimeException e) {
        unreachable(e);
      }
      return;
    }
    if (key.isReadable()) {
      read();
    }
    if (key.isValid() && key.isWritable()) {
      peer.writable();
    }
  }

  private void read() {
    String why = "closed the connection";
    try {
      if (socket.read(answer) >= 0) {
        if (answer.hasRemaining()) {
          return;
        }
        why = Handshake.mismatch(answer.getInt(0));
      }
    } catch (IOException e) {
      why = "broke the connection: " + e.getMessage();
    }
    close();
    peer.outboundLost(why);
  }

  /** Writes what the connection takes now. */
  void write(ByteBuffer bytes) throws IOException {
    int _ = socket.write(bytes);
  }

  /** Has the peer told when the connection takes more, or not. */
  void awaitWritable(boolean await) {
    ask(await ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
  }

  private void ask(int operations) {
    if (key != null && key.isValid()) {
      key.interestOps(operations);
    }
  }

  void close() {
    IoLoop.closeQuietly(socket);
  }
}
