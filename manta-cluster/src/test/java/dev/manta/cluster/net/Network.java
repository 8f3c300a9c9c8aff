package dev.manta.cluster.net;

import dev.manta.engine.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Transports of one directory, and plain sockets that pretend to be one; closes all of them. */
final class Network implements Closeable {
  static final byte[] SECRET = secret(7);

  private final Path directory;
  private final List<Closeable> open = new ArrayList<>();

  Network(Path directory) {
    this.directory = directory.resolve("net");
  }

  static byte[] secret(int fill) {
    byte[] secret = new byte[SocketTransport.SECRET_BYTES];
    Arrays.fill(secret, (byte) fill);
    return secret;
  }

  Path directory() {
    return directory;
  }

  Path socket(int number) {
    return directory.resolve(number + ".sock");
  }

  SocketTransport transport(int number, Transport.Receiver receiver) throws IOException {
    return transport(number, SECRET, receiver);
  }

  SocketTransport transport(int number, byte[] secret, Transport.Receiver receiver)
      throws IOException {
    SocketTransport transport = SocketTransport.open(number, directory, secret, receiver);
    open.add(transport::close);
    return transport;
  }

  /** A blocking connection to a transport, with nothing said on it. */
  SocketChannel connect(int number) throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket(number)));
    open.add(channel);
    return channel;
  }

  /** A connection to a transport that has given its number. */
  SocketChannel join(int number, int self) throws IOException {
    SocketChannel channel = connect(number);
    write(channel, Handshake.encode(SECRET, Handshake.VERSION, self));
    return channel;
  }

  /** A blocking socket in the place of a transport. */
  ServerSocketChannel listen(int number) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    open.add(server);
    server.bind(UnixDomainSocketAddress.of(socket(number)));
    return server;
  }

  static void write(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** Frames as they travel. */
  static byte[] encode(byte[]... frames) {
    int bytes = Arrays.stream(frames).mapToInt(f -> Integer.BYTES + f.length).sum();
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    for (byte[] frame : frames) {
      buffer.putInt(frame.length).put(frame);
    }
    return buffer.array();
  }

  /** What comes until the other side closes: an end, or that it was reset. */
  static byte[] readToEnd(SocketChannel channel) {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    try {
      while (channel.read(buffer) >= 0 && buffer.hasRemaining()) {
        // goes on
      }
    } catch (IOException e) {
      // reset: an end too
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  @Override
  public void close() throws IOException {
    for (Closeable each : open.reversed()) {
      each.close();
    }
  }
}
