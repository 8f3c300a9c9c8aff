package dev.manta.cluster.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sockets of TCP, on this machine alone: what travels is neither encrypted nor is the secret, so that no
 * other machine may hear it.
 */
final class TcpSockets implements Sockets {
  private final InetSocketAddress own;
  private final IntFunction<? extends @Nullable InetSocketAddress> peers;

  private TcpSockets(
      InetSocketAddress own, IntFunction<? extends @Nullable InetSocketAddress> peers) {
    this.own = own;
    this.peers = peers;
  }

  /**
   * Sockets of this machine.
   *
   * @param own where to listen; with port 0 at any that is free
   * @param peers where each peer listens, null if that is not known
   * @throws IOException if others than this machine could connect; it says what to do
   */
  static TcpSockets of(
      InetSocketAddress own, IntFunction<? extends @Nullable InetSocketAddress> peers)
      throws IOException {
    check(own, "listen at");
    return new TcpSockets(own, peers);
  }

  private static void check(InetSocketAddress address, String what) throws IOException {
    if (address.isUnresolved()) {
      throw new IOException("cannot " + what + " " + address + ": there is no such host");
    }
    if (!address.getAddress().isLoopbackAddress()) {
      throw new IOException(
          "will not " + what + " " + address
              + ": there is no encryption, so only addresses of this machine are used, as 127.0.0.1");
    }
  }

  @Override
  public SocketAddress own(int self) {
    return own;
  }

  @Override
  public SocketAddress address(int peer) throws IOException {
    InetSocketAddress address = peers.apply(peer);
    if (address == null) {
      throw new IOException("its address is not known");
    }
    check(address, "connect to");
    return address;
  }

  /** {@inheritDoc} Only this machine can connect, and who does not know the secret is closed. */
  @Override
  public ServerSocketChannel listen(int self) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      return server.bind(own, BACKLOG);
    } catch (Throwable e) {
      server.close();
      throw e;
    }
  }

  @Override
  public void remove(int self) {
    // nothing is
  }

  @Override
  public SocketChannel newSocket() throws IOException {
    SocketChannel socket = SocketChannel.open();
    try {
      // frames are coalesced before they are written; what is written is not to wait for more
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return socket;
  }
}
