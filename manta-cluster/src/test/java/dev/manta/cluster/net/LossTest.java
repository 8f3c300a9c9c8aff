package dev.manta.cluster.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.cluster.net.Network.Kind;
import dev.manta.engine.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer is lost once, after what it has sent, and the other side learns it too. */
class LossTest extends NetworkTest {
  private static final int FRAMES = 5_000;

  /** Both have connections to each other, and one closes: its frames come first, then one loss. */
  @Test
  void closedPeer_isLostOnceAfterItsFrames() throws Exception {
    SocketTransport one = network.transport(1, at1);
    SocketTransport two = network.transport(2, at2);
    one.send(2, frame(-1));
    assertThat(at2.frame(1)).isEqualTo(frame(-1));
    for (int i = 0; i < FRAMES; i++) {
      two.send(1, frame(i));
    }

    two.close();

    for (int i = 0; i < FRAMES; i++) {
      assertThat(at1.frame(2)).isEqualTo(frame(i));
    }
    assertThat(at1.loss(2)).isNotEmpty();
    one.send(2, frame(0));
    assertThat(one.queuedBytes(2)).isZero();
    one.close();
    assertThat(at1.isEmpty()).as("told once").isTrue();
    assertThat(at2.isEmpty()).as("close tells nobody").isTrue();
    assertThat(Files.exists(network.socket(1))).isFalse();
  }

  /** What a killed process has sent is read before it is lost. */
  @Test
  void killedPeer_isLostOnceAfterItsFrames() throws Exception {
    SocketTransport one = network.transport(1, at1);
    Process process =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            Sender.class.getName(),
            kind == Kind.UNIX ? network.directory().toString() : Network.port(one.address()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      network.note(2, process.inputReader(UTF_8).readLine());
      for (int i = 0; i < Sender.FRAMES; i++) {
        assertThat(at1.frame(2)).isEqualTo(frame(i));
        if (i == 0) {
          one.send(2, frame(0));
        }
      }
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(at1.loss(2)).isNotEmpty();
    one.close();
    assertThat(at1.isEmpty()).isTrue();
  }

  /** A process that sends some frames and stays. It says its port, if it has one. */
  static final class Sender {
    static final int FRAMES = 1_000;

    private Sender() {}

    public static void main(String[] args) throws Exception {
      SocketTransport transport = open(args[0]);
      System.out.println(Network.port(transport.address()));
      for (int i = 0; i < FRAMES; i++) {
        transport.send(1, frame(i));
      }
      new CountDownLatch(1).await();
    }

    private static SocketTransport open(String where) throws IOException {
      if (where.contains("/")) {
        return SocketTransport.open(2, Path.of(where), Network.SECRET, new Recorder());
      }
      InetSocketAddress of1 =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(where));
      return SocketTransport.open(2, Network.free(), _ -> of1, Network.SECRET, new Recorder());
    }
  }

  /** A peer that has ended its side of our connection may have sent something before. */
  @Test
  void framesThatCameBefore_areReadAfterTheLossOfTheOtherConnection() throws Exception {
    SocketTransport one = network.transport(1, at1);
    try (ServerSocketChannel server = network.listen(2); SocketChannel to = network.join(1, 2)) {
      Network.write(to, Network.encode(frame(0)));
      assertThat(at1.frame(2)).isEqualTo(frame(0));
      one.send(2, frame(0));
      server.accept().close();
      Network.write(to, Network.encode(frame(1), frame(2)));
    }

    assertThat(at1.frame(2)).isEqualTo(frame(1));
    assertThat(at1.frame(2)).isEqualTo(frame(2));
    assertThat(at1.loss(2)).isNotEmpty();
  }

  /** A peer that can't be reached any more but keeps its own connection is given up all the same. */
  @Test
  void peerThatEndsOneConnectionAndListensNoMore_isLost() throws Exception {
    network.with(Network.HASTY);
    SocketTransport one = network.transport(1, at1);
    ServerSocketChannel server = network.listen(2);
    SocketChannel to = network.join(1, 2);
    Network.write(to, Network.encode(frame(0)));
    assertThat(at1.frame(2)).isEqualTo(frame(0));
    one.send(2, frame(0));

    SocketChannel from = server.accept();
    server.close();
    from.close();

    assertThat(at1.loss(2)).isNotEmpty();
    Network.readToEnd(to);
  }

  /** Nobody listens there. */
  @Test
  void absentPeer_isLost() throws Exception {
    network.with(Network.HASTY);
    SocketTransport one = network.transport(1, at1);

    one.send(2, frame(0));

    assertThat(at1.loss(2)).startsWith("cannot be reached");
    one.send(2, frame(0));
    assertThat(one.queuedBytes(2)).isZero();
  }

  /** The socket is there, and its process has gone. */
  @Test
  void peerThatNoLongerListens_isLost() throws Exception {
    network.with(Network.HASTY);
    SocketTransport one = network.transport(1, at1);
    network.listen(2).close();

    one.send(2, frame(0));

    assertThat(at1.loss(2)).startsWith("cannot be reached");
  }

  /** A lost peer does not come back. */
  @Test
  void lostPeer_canNotConnectAgain() throws Exception {
    network.transport(1, at1);
    network.join(1, 2).close();
    assertThat(at1.loss(2)).isNotEmpty();

    SocketChannel again = network.greet(1, Network.handshake(2, 2));

    assertThat(Network.readToEnd(again)).startsWith(0, 0, 0, Handshake.VERSION, Answers.REFUSES);
    assertThat(at1.isEmpty()).isTrue();
  }

  /** A connection that was opened before the one that a peer has is closed; that one goes on. */
  @Test
  void olderConnection_isClosed() throws Exception {
    network.transport(1, at1);
    SocketChannel first = network.join(1, 2);
    Network.write(first, Network.encode(frame(0)));
    assertThat(at1.frame(2)).isEqualTo(frame(0));

    SocketChannel second = network.greet(1, Network.handshake(2, 1));

    assertThat(Network.readToEnd(second)).isEmpty();
    Network.write(first, Network.encode(frame(1)));
    assertThat(at1.frame(2)).isEqualTo(frame(1));
  }

  /** A length that no frame has: the frames before it come, then the loss with its reason. */
  @ParameterizedTest
  @ValueSource(ints = {-5, SocketTransport.MAX_FRAME_BYTES + 1, Integer.MAX_VALUE})
  void impossibleLength_losesThePeer(int length) throws Exception {
    network.transport(1, at1);
    SocketChannel to = network.join(1, 2);

    Network.write(to, Network.encode(frame(0)));
    Network.write(to, ByteBuffer.allocate(4).putInt(length).array());

    assertThat(at1.frame(2)).isEqualTo(frame(0));
    assertThat(at1.loss(2)).isEqualTo("broke the protocol: a frame of " + length + " bytes");
    Network.readToEnd(to);
  }

  /** The end in the middle of a frame is told as such. */
  @Test
  void endInAFrame_isTold() throws Exception {
    network.transport(1, at1);
    SocketChannel to = network.join(1, 2);
    Network.write(to, new byte[]{0, 0, 0, 9, 1});

    to.close();

    assertThat(at1.loss(2)).contains("in the middle of a frame");
  }

  /** A peer that is dropped is lost for both, and nothing of it comes any more. */
  @Test
  void dropOnTheReadingThread_letsNoMoreFramesThrough() throws Exception {
    network.with(Network.HASTY);
    AtomicReference<SocketTransport> dropping =
        new AtomicReference<>();
    Recorder atOne = new Recorder();
    Recorder atTwo = new Recorder();
    SocketTransport one = network.transport(1, atOne);
    dropping.set(network.transport(2, new Transport.Receiver() {
      @Override
      public void received(int peer, ByteBuffer frame) {
        atTwo.received(peer, frame);
        dropping.get().drop(peer, "sent a bad frame");
      }

      @Override
      public void lost(int peer, String why) {
        atTwo.lost(peer, why);
      }
    }));

    for (int i = 0; i < 1_000; i++) {
      one.send(2, new byte[]{(byte) i});
    }

    assertThat(atTwo.frame(1)).containsExactly(0);
    assertThat(atTwo.loss(1)).isEqualTo("sent a bad frame");
    assertThat(atOne.loss(2)).isNotEmpty();
    dropping.get().drop(1, "again");
    assertThat(atTwo.isEmpty()).isTrue();
  }
}
