package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.engine.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** Transports that know each other, and plain sockets that pretend to be one; closes all of them. */
final class Network implements Closeable {
  static final byte[] SECRET = secret(7);

  /** For tests of losses before which nothing more can come. */
  static final Patience HASTY = new Patience(Patience.DEFAULT.handshakeMs(), 10);

  private final Path directory;
  private final Kind kind;
  private final Map<Integer, InetSocketAddress> addresses = new ConcurrentHashMap<>();
  private final List<Closeable> open = new ArrayList<>();
  private Patience patience = Patience.DEFAULT;

  /** The kinds of sockets. */
  enum Kind {
    UNIX,
    TCP
  }

  Network(Path directory) {
    this(directory, Kind.UNIX);
  }

  Network(Path directory, Kind kind) {
    this.directory = directory.resolve("net");
    this.kind = kind;
  }

  static byte[] secret(int fill) {
    byte[] secret = new byte[SocketTransport.SECRET_BYTES];
    Arrays.fill(secret, (byte) fill);
    return secret;
  }

  /** Transports that are opened from now on have this patience. */
  void with(Patience others) {
    patience = others;
  }

  Path directory() {
    return directory;
  }

  Path socket(int number) {
    return directory.resolve(number + ".sock");
  }

  /** Where a process listens, or a plain socket does for it. */
  SocketAddress address(int number) {
    return kind == Kind.UNIX
        ? UnixDomainSocketAddress.of(socket(number))
        : addresses.getOrDefault(number, free());
  }

  static InetSocketAddress free() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  Sockets sockets() throws IOException {
    return kind == Kind.UNIX
        ? SocketDirectory.open(directory)
        : TcpSockets.of(free(), addresses::get);
  }

  SocketTransport transport(int number, Transport.Receiver receiver) throws IOException {
    return transport(number, SECRET, receiver);
  }

  SocketTransport transport(int number, byte[] secret, Transport.Receiver receiver)
      throws IOException {
    return transport(number, sockets(), secret, receiver);
  }

  SocketTransport transport(
      int number, Sockets sockets, byte[] secret, Transport.Receiver receiver) throws IOException {
    SocketTransport transport =
        SocketTransport.open(number, sockets, secret, receiver, patience);
    note(number, transport.address());
    open.add(transport::close);
    return transport;
  }

  private void note(int number, SocketAddress address) {
    if (address instanceof InetSocketAddress internet) {
      addresses.put(number, internet);
    }
  }

  /** The port of an address; 0 if it has none. */
  static String port(SocketAddress address) {
    return String.valueOf(address instanceof InetSocketAddress internet ? internet.getPort() : 0);
  }

  /** A process of another JVM listens at a port. */
  void note(int number, String port) {
    note(number, new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)));
  }

  /** Nobody can be reached there any more. */
  void forget(int number) throws IOException {
    try (ServerSocketChannel unused = ServerSocketChannel.open()) {
      unused.bind(free());
      note(number, unused.getLocalAddress());
    }
  }

  /** A relay in front of a process, for those that are opened with its {@link Relay#sockets}. */
  Relay relay(int number, long seed) throws IOException {
    Relay relay = new Relay(this, number, kind == Kind.UNIX ? relayPath() : free(), seed);
    open.add(relay);
    return relay;
  }

  private SocketAddress relayPath() {
    return UnixDomainSocketAddress.of(directory.resolve("relay" + open.size()));
  }

  /** A blocking connection to a transport, with nothing said on it. */
  SocketChannel connect(int number) throws IOException {
    SocketChannel channel = SocketChannel.open(address(number));
    open.add(channel);
    return channel;
  }

  /** A connection to a transport that has said this. */
  SocketChannel greet(int number, Handshake handshake) throws IOException {
    SocketChannel channel = connect(number);
    write(channel, handshake.encode(SECRET));
    return channel;
  }

  /** What a plain socket says for a process; its id is its number and 1,000. */
  static Handshake handshake(int self, int connection) {
    return new Handshake(Handshake.VERSION, self, self + 1_000, 0, connection);
  }

  /** A connection to a transport, the first from there, which is taken. */
  SocketChannel join(int number, int self) throws IOException {
    return join(number, self, 1, 0);
  }

  /** A connection to a transport, on which that says how many frames it has. */
  SocketChannel join(int number, int self, int connection, long count) throws IOException {
    SocketChannel channel = greet(number, handshake(self, connection));
    ByteBuffer answer = read(channel, Answers.ANSWER_BYTES);
    assertThat(answer.getInt()).isEqualTo(Handshake.VERSION);
    assertThat(answer.get()).isEqualTo(Answers.TAKES);
    assertThat(answer.getLong()).isNotZero();
    assertThat(answer.getLong()).isEqualTo(count);
    return channel;
  }

  /** A blocking socket in the place of a transport. */
  ServerSocketChannel listen(int number) throws IOException {
    SocketAddress address = kind == Kind.UNIX ? address(number) : free();
    ServerSocketChannel server = Relay.server(address);
    open.add(server);
    note(number, server.getLocalAddress());
    return server;
  }

  /** Takes a connection in the place of a transport, which has some frames of the sender. */
  static SocketChannel accept(ServerSocketChannel server, int self, long count)
      throws IOException {
    SocketChannel channel = server.accept();
    read(channel, Handshake.BYTES);
    write(channel, answer(Answers.TAKES, self, count));
    return channel;
  }

  static byte[] answer(byte code, int self, long count) {
    ByteBuffer answer = ByteBuffer.allocate(Answers.ANSWER_BYTES);
    Answers.writeAnswer(answer, code, self + 1_000, count);
    return answer.array();
  }

  static void write(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  static ByteBuffer read(SocketChannel channel, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      assertThat(channel.read(buffer)).isPositive();
    }
    return buffer.flip();
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

  /** Bytes with up to three faults: a bit, a byte, or the rest is missing. */
  static byte[] damaged(byte[] stream, Random random) {
    for (int i = random.nextInt(4); i > 0 && stream.length > 0; i--) {
      int at = random.nextInt(stream.length);
      switch (random.nextInt(3)) {
        case 0 -> stream[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> stream[at] = (byte) random.nextInt(256);
        default -> stream = Arrays.copyOf(stream, at);
      }
    }
    return stream;
  }
}
