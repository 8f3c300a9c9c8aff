package dev.manta.cluster.net;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Takes the connections that other processes open. Those that have not yet said who they are, are few:
 * while there are as many as may be, no more are taken. All on one loop.
 */
final class Acceptor implements IoLoop.Handler {
  /** How many connections may be undecided. */
  static final int MAX_UNDECIDED = 64;

  /** After the system has refused a connection, for want of descriptors perhaps. */
  private static final long RETRY_MS = 1_000;

  private final SocketTransport transport;
  private final IoLoop loop;
  private final ServerSocketChannel server;
  private @Nullable SelectionKey key;
  private int undecided;
  private boolean pausing;

  Acceptor(SocketTransport transport, IoLoop loop, ServerSocketChannel server) {
    this.transport = transport;
    this.loop = loop;
    this.server = server;
  }

  IoLoop loop() {
    return loop;
  }

  /** Begins to take connections. */
  void begin() {
    try {
      key = loop.register(server, SelectionKey.OP_ACCEPT, this);
    } catch (IOException e) {
      SocketTransport.report("No connections can be accepted", e);
    }
  }

  @Override
  public void ready(SelectionKey key) {
    try {
      for (SocketChannel socket; isOpen() && (socket = server.accept()) != null;) {
        Inbound.open(transport, this, socket);
      }
    } catch (IOException e) {
      if (server.isOpen()) {
        SocketTransport.report("A connection could not be accepted", e);
        pause();
      }
    }
  }

  @Override
  public void failed(Throwable cause) {
    pause();
  }

  private void pause() {
    pausing = true;
    accept();
    loop.schedule(RETRY_MS, this::goOn);
  }

  private void goOn() {
    pausing = false;
    accept();
  }

  private boolean isOpen() {
    return !pausing && undecided < MAX_UNDECIDED;
  }

  private void accept() {
    if (key != null && key.isValid()) {
      key.interestOps(isOpen() ? SelectionKey.OP_ACCEPT : 0);
    }
  }

  /** There is one more undecided connection. */
  void began() {
    undecided++;
    accept();
  }

  /** A connection is decided. */
  void ended() {
    undecided--;
    accept();
  }

  /** Takes no more connections. */
  void close() {
    IoLoop.closeQuietly(server);
  }
}
