package dev.manta.cluster.net;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One connection that this process opens to a peer. All on the peer's loop. */
final class Outbound implements IoLoop.Handler, Answers.Sink {
  /** So long what the peer has answered is still read where nothing can be written. */
  private static final long REST_MS = 5;

  private final Outgoing outgoing;
  private final IoLoop loop;
  private final byte[] handshake;
  private final SocketAddress address;
  private final SocketChannel socket;
  private final Answers answers = new Answers(this);
  private @Nullable SelectionKey key;
  private boolean isOver;

  /** A connection, of which is told when it is answered, and when it is over or can't be had. */
  Outbound(Outgoing outgoing, IoLoop loop, byte[] handshake, Sockets sockets, int number)
      throws IOException {
    this.outgoing = outgoing;
    this.loop = loop;
    this.handshake = handshake;
    this.address = sockets.address(number);
    this.socket = sockets.newSocket();
  }

  /** Opens it; it may have failed when this returns. */
  void connect() {
    try {
      key = loop.register(socket, SelectionKey.OP_CONNECT, this);
      if (socket.connect(address)) {
        connected();
      }
    } catch (IOException | RuntimeException e) {
      unreachable(e);
    }
  }

  private void unreachable(Exception cause) {
    if (!isOver) {
      close();
      outgoing.unreachable(this, cause);
    }
  }

  /** So few bytes are always taken. */
  private void connected() {
    ask(SelectionKey.OP_READ);
    try {
      int _ = socket.write(ByteBuffer.wrap(handshake));
    } catch (IOException e) {
      closeSoon();
    }
  }

  /** The socket, to which a thread that has begun may write. */
  SocketChannel socket() {
    return socket;
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
      outgoing.writable(this);
    }
  }

  @Override
  public void failed(Throwable cause) {
    over("broke the connection: " + cause);
  }

  private void read() {
    ByteBuffer bytes = loop.readBuffer();
    try {
      if (socket.read(bytes) < 0) {
        over("closed the connection");
        return;
      }
    } catch (IOException e) {
      over("broke the connection: " + e.getMessage());
      return;
    }
    try {
      answers.decode(bytes.flip());
    } catch (FrameException e) {
      outgoing.failed(this, e);
    }
  }

  private void over(String why) {
    if (!isOver) {
      close();
      outgoing.broken(this, why);
    }
  }

  @Override
  public void taken(long id, long count) {
    outgoing.taken(this, id, count);
  }

  @Override
  public void refused() {
    outgoing.refused(this);
  }

  @Override
  public void acknowledged(long count) {
    outgoing.acknowledged(this, count);
  }

  /** Writes what the connection takes now. */
  void write(ByteBuffer bytes) throws IOException {
    int _ = socket.write(bytes);
  }

  /** Has it told when the connection takes more, or not. */
  void awaitWritable(boolean await) {
    ask(await ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
  }

  private void ask(int operations) {
    if (key != null && key.isValid()) {
      key.interestOps(operations);
    }
  }

  /** Closes it without a word. */
  void close() {
    isOver = true;
    IoLoop.closeQuietly(socket);
  }

  /** Closes it, to which nothing can be written, once what the peer has answered is read. */
  void closeSoon() {
    ask(SelectionKey.OP_READ);
    loop.schedule(REST_MS, () -> over("broke the connection"));
  }
}
