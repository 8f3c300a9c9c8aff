package dev.manta.cluster.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between the processes that connect to another one and that one, and passes on what they say; it
 * cuts connections after any byte, in either direction.
 */
final class Relay implements Closeable {
  private static final long NEVER = Long.MAX_VALUE;

  private final Network network;
  private final int number;
  private final ServerSocketChannel server;
  private final Random random;
  private final AtomicInteger cutsLeft = new AtomicInteger();
  private volatile int mostBytes;
  private final AtomicInteger cuts = new AtomicInteger();
  private final Set<SocketChannel> channels = ConcurrentHashMap.newKeySet();

  Relay(Network network, int number, SocketAddress address, long seed) throws IOException {
    this.network = network;
    this.number = number;
    this.random = new Random(seed);
    this.server = server(address);
    Thread.ofPlatform().daemon().start(this::accept);
  }

  static ServerSocketChannel server(SocketAddress address) throws IOException {
    ServerSocketChannel server =
        address instanceof UnixDomainSocketAddress
            ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            : ServerSocketChannel.open();
    return server.bind(address);
  }

  /** Sockets that connect to the process by this relay. */
  Sockets sockets(Sockets others) throws IOException {
    SocketAddress address = server.getLocalAddress();
    return new Sockets() {
      @Override
      public SocketAddress own(int self) {
        return others.own(self);
      }

      @Override
      public ServerSocketChannel listen(int self) throws IOException {
        return others.listen(self);
      }

      @Override
      public void remove(int self) throws IOException {
        others.remove(self);
      }

      @Override
      public SocketAddress address(int peer) throws IOException {
        return peer == number ? address : others.address(peer);
      }

      @Override
      public SocketChannel newSocket() throws IOException {
        return others.newSocket();
      }
    };
  }

  /**
   * Cuts the next so many connections.
   *
   * @param most after so many bytes; some times as many as the longest frame, so that most connections get
   *     something across
   */
  void cutNext(int connections, int most) {
    mostBytes = most;
    cutsLeft.set(connections);
    cutNow();
  }

  /** Cuts all connections that there are. */
  void cutNow() {
    channels.forEach(Relay::close);
  }

  /** How many connections were cut after some bytes. */
  int cuts() {
    return cuts.get();
  }

  private void accept() {
    try {
      for (;;) {
        SocketChannel from = server.accept();
        try {
          join(from, SocketChannel.open(network.address(number)));
        } catch (IOException e) {
          close(from); // nobody is there
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void join(SocketChannel from, SocketChannel to) throws IOException {
    channels.add(from);
    channels.add(to);
    passAtOnce(from);
    passAtOnce(to);
    long there = NEVER;
    long back = NEVER;
    if (cutsLeft.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      there = random.nextInt(10) == 0 ? random.nextInt(200) : random.nextInt(mostBytes);
      back = random.nextInt(3) == 0 ? random.nextInt(80) : NEVER;
    }
    pass(from, to, there);
    pass(to, from, back);
  }

  /** What is small does not wait for more, as it does not between processes. */
  private static void passAtOnce(SocketChannel channel) throws IOException {
    if (channel.getRemoteAddress() instanceof InetSocketAddress) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
  }

  private void pass(SocketChannel from, SocketChannel to, long bytes) {
    Thread.ofPlatform().daemon().start(() -> {
      ByteBuffer buffer = ByteBuffer.allocate(32 << 10);
      long left = bytes;
      try {
        while (left > 0 && from.read(buffer.clear()) >= 0) {
          buffer.flip().limit((int) Math.min(left, buffer.limit()));
          left -= buffer.remaining();
          while (buffer.hasRemaining()) {
            to.write(buffer);
          }
        }
        if (left == 0) {
          cuts.incrementAndGet();
        }
      } catch (IOException e) {
        // over
      }
      close(from);
      close(to);
      channels.remove(from);
      channels.remove(to);
    });
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // it is
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cutNow();
  }
}
