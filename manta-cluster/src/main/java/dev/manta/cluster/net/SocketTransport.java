package dev.manta.cluster.net;

import dev.manta.engine.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Frames between processes, over unix domain sockets or TCP. On the former a process listens at {@code
 * <number>.sock} in a directory that all of them know. The frames of one process to another travel on the
 * connection that the sender opens with its first frame.
 *
 * <p>Where a connection breaks between two processes that live, its opener opens another one, and the
 * frames go on where the receiver says that they ended: each comes once, and in order. A peer is lost when
 * it can't be reached, when it has closed its transport or dropped this process, or when it breaks the
 * protocol. A connection whose opener does not know the secret is closed, and nobody is told.
 *
 * <p>The receiver is called by the threads {@code manta-io-<n>}, for one peer always by the same one.
 */
public final class SocketTransport implements Transport {
  /** The longest frame, in bytes. */
  public static final int MAX_FRAME_BYTES = FrameDecoder.MAX_FRAME_BYTES;

  /** The length of the secret, in bytes. */
  public static final int SECRET_BYTES = Handshake.SECRET_BYTES;

  private static final int LOOPS = 2;

  /** How often within the time of silence it is looked whether something came. */
  private static final int LOOKS = 20;

  private static final long CLOSE_TIMEOUT_MS = 2_000;

  /** For so many milliseconds, at least, a transport that is closed waits for peers that it connects to. */
  private static final int ANSWERS = 200;

  private final int self;
  private final Sockets sockets;

  /** Tells this process from others of its number. */
  private final long id = newId();

  private final byte[] secret;
  private final Receiver receiver;
  private final Patience patience;
  private final IoLoop[] loops = new IoLoop[LOOPS];

  /** By number; replaced by a copy under this object's monitor. */
  private volatile @Nullable Peer[] peers = new @Nullable Peer[0];

  private volatile boolean closed;

  /** Where this process listens; null before it does. */
  private @Nullable SocketAddress address;

  /** Takes connections; of the first loop. */
  private volatile @Nullable Acceptor acceptor;

  private SocketTransport(
      int self, Sockets sockets, byte[] secret, Receiver receiver, Patience patience) {
    this.self = self;
    this.sockets = sockets;
    this.secret = secret.clone();
    this.receiver = receiver;
    this.patience = patience;
    Arrays.setAll(loops, IoLoop::new);
  }

  /**
   * Listens. Returns when other processes can connect.
   *
   * @param self the number of this process, 0 to {@link #MAX_PEER}
   * @param directory of the sockets; made if absent, with access for this user alone
   * @param secret {@link #SECRET_BYTES} that all processes know and nobody else
   * @param receiver called by the threads that read
   * @throws IOException if other users own the directory or can enter it, if its path is too long, or if
   *     this number is taken there; it says what to do
   */
  public static SocketTransport open(int self, Path directory, byte[] secret, Receiver receiver)
      throws IOException {
    return open(self, SocketDirectory.open(directory), secret, receiver, Patience.DEFAULT);
  }

  /**
   * Listens with TCP, on this machine alone. Returns when other processes can connect.
   *
   * @param self the number of this process, 0 to {@link #MAX_PEER}
   * @param address where to listen; with port 0 at any that is free
   * @param peers where each other process listens, null if that is not known; called by the threads that
   *     read and write, so it must not block
   * @param secret {@link #SECRET_BYTES} that all processes know and nobody else
   * @param receiver called by the threads that read
   * @throws IOException if the address is not one of this machine's own loopback, since there is no
   *     encryption, or if it is taken; it says what to do
   */
  public static SocketTransport open(
      int self,
      InetSocketAddress address,
      IntFunction<? extends @Nullable InetSocketAddress> peers,
      byte[] secret,
      Receiver receiver)
      throws IOException {
    return open(self, TcpSockets.of(address, peers), secret, receiver, Patience.DEFAULT);
  }

  static SocketTransport open(
      int self, Sockets sockets, byte[] secret, Receiver receiver, Patience patience)
      throws IOException {
    checkNumber(self);
    if (secret.length != SECRET_BYTES) {
      throw new IllegalArgumentException("the secret has " + secret.length + " bytes");
    }
    SocketTransport transport = new SocketTransport(self, sockets, secret, receiver, patience);
    try {
      transport.listen();
    } catch (Throwable e) {
      transport.close();
      throw e;
    }
    return transport;
  }

  /** It need not be secret, and the JDK's secure random numbers take long to be loaded. */
  private static long newId() {
    long id = ThreadLocalRandom.current().nextLong() ^ ProcessHandle.current().pid() << 32;
    return id == 0 ? 1 : id;
  }

  private void listen() throws IOException {
    ServerSocketChannel server;
    try {
      server = sockets.listen(self);
    } catch (IOException e) {
      throw new IOException(
          "Process " + self + " cannot listen at " + sockets.own(self) + ": " + e.getMessage(),
          e);
    }
    address = server.getLocalAddress();
    Acceptor acceptor = new Acceptor(this, loops[0], server);
    this.acceptor = acceptor;
    loops[0].execute(acceptor::begin);
  }

  @Override
  public int self() {
    return self;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException for a frame that is empty or longer than {@link #MAX_FRAME_BYTES},
   *     for this process as the peer, and for a number that no process has
   */
  @Override
  public void send(int peer, byte[] frame) {
    Peer to = receiver(peer, frame);
    if (to != null) {
      to.outgoing().send(frame);
    }
  }

  @Override
  public void sendAlone(int peer, byte[] frame) {
    Peer to = receiver(peer, frame);
    if (to != null) {
      to.outgoing().sendAlone(frame);
    }
  }

  private @Nullable Peer receiver(int peer, byte[] frame) {
    if (frame.length == 0 || frame.length > MAX_FRAME_BYTES) {
      throw new IllegalArgumentException("a frame of " + frame.length + " bytes");
    }
    Peer to = find(peer);
    if (to == null) {
      checkNumber(peer);
      if (peer == self) {
        throw new IllegalArgumentException("a frame of process " + self + " to itself");
      }
      to = peer(peer);
    }
    return to;
  }

  @Override
  public void drop(int peer, String why) {
    Peer of = find(peer);
    if (of != null) {
      // at once where its frames are read, so that no more of them come
      if (of.loop().isCurrent()) {
        of.lose(why);
      } else {
        of.loop().execute(() -> of.lose(why));
      }
    }
  }

  /**
   * Sends signs of life to a peer while nothing else is sent to it, so that one that {@linkplain #watch
   * watches} this process with the same limit hears something in time.
   */
  public void beat(int peer, Duration silence) {
    Peer to = peer(peer);
    if (to != null) {
      to.loop().execute(() -> to.beat(Math.max(1, silence.toMillis() / (2 * LOOKS))));
    }
  }

  /**
   * Watches a peer that {@linkplain #beat beats}. Time in which this process does not run, as when it is
   * stopped, does not count.
   *
   * @param silence for how long nothing may come from it, to a twentieth
   * @param silent run once, by the thread that reads from it, if nothing came for that long
   */
  public void watch(int peer, Duration silence, Runnable silent) {
    Peer of = peer(peer);
    if (of != null) {
      of.loop()
          .execute(() -> of.watch(Math.max(1, silence.toMillis() / LOOKS), LOOKS - 1, silent));
    }
  }

  /**
   * How many bytes wait to be sent to a peer, with 4 for each frame; without what is on its way, at most
   * 64 KiB and what the system holds. Any thread; can be too small for a moment.
   */
  public long queuedBytes(int peer) {
    Peer to = find(peer);
    return to == null ? 0 : to.outgoing().queuedBytes();
  }

  /** The memory of frames that were sent to a peer and that it may not have, in bytes, about. */
  long heldBytes(int peer) {
    Peer to = find(peer);
    return to == null ? 0 : to.outgoing().heldBytes();
  }

  /** Where this process listens, or has listened until it was closed. */
  public SocketAddress address() {
    return Objects.requireNonNull(address);
  }

  /**
   * {@inheritDoc} What was sent before and the system takes at once is still sent, also to a peer that is just
   * being connected to, if it answers in time. When this returns the receiver is not called any more, unless a
   * receiver calls it: then it returns at once.
   */
  @Override
  public void close() {
    @Nullable Peer[] all;
    synchronized (this) {
      closed = true;
      all = peers;
    }
    loops[0].execute(this::closeAcceptor);
    boolean isLoop = false;
    for (IoLoop loop : loops) {
      loop.execute(() -> finish(loop, all, ANSWERS));
      isLoop |= loop.isCurrent();
    }
    if (!isLoop) {
      for (IoLoop loop : loops) {
        loop.awaitEnd(CLOSE_TIMEOUT_MS);
      }
    }
  }

  /** Ends a loop; if frames still wait for an answer to a handshake, a little later. */
  private static void finish(IoLoop loop, @Nullable Peer[] all, int times) {
    boolean waits = false;
    for (Peer peer : all) {
      if (peer != null && peer.loop() == loop) {
        waits |= peer.finish();
      }
    }
    if (waits && times > 0) {
      loop.schedule(1, () -> finish(loop, all, times - 1));
      return;
    }
    for (Peer peer : all) {
      if (peer != null && peer.loop() == loop) {
        peer.shut();
      }
    }
    loop.close();
  }

  private void closeAcceptor() {
    if (acceptor != null) {
      acceptor.close();
      try {
        sockets.remove(self);
      } catch (IOException e) {
        // who opens the directory next removes it
      }
    }
  }

  private static void checkNumber(int number) {
    if (number < 0 || number > MAX_PEER) {
      throw new IllegalArgumentException("no process has the number " + number);
    }
  }

  private @Nullable Peer find(int number) {
    @Nullable Peer[] all = peers;
    return number >= 0 && number < all.length ? all[number] : null;
  }

  /** The peer of a number, lost or not; null if there can be none, or this transport is closed. */
  @Nullable Peer peer(int number) {
    Peer found = find(number);
    if (found != null || number < 0 || number > MAX_PEER || number == self) {
      return found;
    }
    synchronized (this) {
      found = find(number);
      if (found == null && !closed) {
        found = new Peer(this, number, loops[number % LOOPS]);
        @Nullable Peer[] all = Arrays.copyOf(peers, Math.max(peers.length, number + 1));
        all[number] = found;
        peers = all;
      }
      return found;
    }
  }

  Sockets sockets() {
    return sockets;
  }

  long id() {
    return id;
  }

  byte[] secret() {
    return secret;
  }

  Patience patience() {
    return patience;
  }

  /** A frame has come. On the loop of the peer. */
  void received(int peer, ByteBuffer frame) {
    if (!closed) {
      receiver.received(peer, frame);
    }
  }

  /** A peer is lost. On the loop of the peer. */
  void lost(int peer, String why) {
    if (!closed) {
      try {
        receiver.lost(peer, why);
      } catch (Throwable e) {
        report("The loss of worker " + peer + " could not be handled", e);
      }
    }
  }

  /** Tells of a fault that nobody else is told of. */
  static void report(String message, Throwable cause) {
    try {
      System.getLogger("dev.manta").log(System.Logger.Level.WARNING, message, cause);
    } catch (Throwable e) {
      // a logger that fails must not fail what it logs
    }
  }
}
