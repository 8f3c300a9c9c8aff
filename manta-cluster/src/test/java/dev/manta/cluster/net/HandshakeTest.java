package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Nothing is taken from who does not know the secret. */
class HandshakeTest extends NetworkTest {
  private static final byte[] FRAME = {1, 2, 3};

  private void assertThatFramesStillCome() throws Exception {
    SocketChannel good = network.join(1, 3);
    Network.write(good, Network.encode(FRAME));
    assertThat(at1.frame(3)).isEqualTo(FRAME);
  }

  /** A wrong secret closes the connection, and nobody is told. */
  @Test
  void wrongSecret_closesTheConnection() throws Exception {
    network.transport(1, at1);
    SocketChannel bad = network.connect(1);

    Network.write(bad, Network.handshake(2, 1).encode(Network.secret(8)));

    assertThat(Network.readToEnd(bad)).isEmpty();
    assertThatFramesStillCome();
  }

  /** The process with the wrong secret loses the peer that refuses it. */
  @Test
  void wrongSecret_losesThePeerThatRefuses() throws Exception {
    network.with(Network.HASTY);
    network.transport(1, at1);
    SocketTransport two = network.transport(2, Network.secret(8), at2);

    two.send(1, FRAME);

    assertThat(at2.loss(1)).isNotEmpty();
    assertThatFramesStillCome();
  }

  /** What is no handshake closes the connection. */
  @Test
  void noise_closesTheConnection() throws Exception {
    network.transport(1, at1);
    SocketChannel bad = network.connect(1);

    Network.write(bad, new byte[Handshake.BYTES]);

    assertThat(Network.readToEnd(bad)).isEmpty();
    assertThatFramesStillCome();
  }

  /** Numbers that no other process has close the connection. */
  @Test
  void impossibleNumber_closesTheConnection() throws Exception {
    network.transport(1, at1);

    for (int number : new int[]{-1, 1, SocketTransport.MAX_PEER + 1, Integer.MAX_VALUE}) {
      SocketChannel bad = network.greet(1, Network.handshake(number, 1));
      assertThat(Network.readToEnd(bad)).as("%d", number).isEmpty();
    }
    assertThatFramesStillCome();
  }

  /** Another version: this side loses the peer with both versions, and answers its own. */
  @Test
  void otherVersion_losesThePeer() throws Exception {
    network.transport(1, at1);
    SocketChannel other = network.connect(1);
    byte[] theirs = new Handshake(9, 2, 0, 0, 0).encode(Network.SECRET);

    Network.write(other, Arrays.copyOf(theirs, Handshake.FIRST_BYTES));

    assertThat(at1.loss(2)).contains("version 9").contains("version " + Handshake.VERSION);
    assertThat(Network.readToEnd(other)).containsExactly(0, 0, 0, Handshake.VERSION);
  }

  /** A peer that answers another version is lost with both. */
  @Test
  void answerOfAnotherVersion_losesThePeer() throws Exception {
    SocketTransport one = network.transport(1, at1);
    ServerSocketChannel server = network.listen(2);
    one.send(2, FRAME);

    SocketChannel from = server.accept();
    Network.write(from, new byte[]{0, 0, 0, 9});
    from.close();

    assertThat(at1.loss(2)).contains("version 9").contains("version " + Handshake.VERSION);
  }

  /** A handshake may come in pieces, and frames right behind it. */
  @Test
  void handshakeInPieces_isTaken() throws Exception {
    network.transport(1, at1);
    SocketChannel slow = network.connect(1);

    for (byte each : Network.handshake(2, 1).encode(Network.SECRET)) {
      Network.write(slow, new byte[]{each});
    }
    Network.write(slow, Network.encode(FRAME));

    assertThat(at1.frame(2)).isEqualTo(FRAME);
  }
}
