package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections of which it is not known whose they are. */
class AcceptorTest extends NetworkTest {
  private static final byte[] FRAME = {1, 2, 3};

  /** Who says nothing is closed after a while, also where there are more than may be. */
  @Test
  void silentConnections_areClosedAndKeepNobodyOutForLong() throws Exception {
    network.with(new Patience(300, Patience.DEFAULT.partingMs()));
    network.transport(1, at1);
    List<SocketChannel> silent = new ArrayList<>();
    for (int i = 0; i < Acceptor.MAX_UNDECIDED + 20; i++) {
      silent.add(network.connect(1));
    }

    SocketChannel good = network.join(1, 3);
    Network.write(good, Network.encode(FRAME));
    assertThat(at1.frame(3)).isEqualTo(FRAME);

    for (SocketChannel each : silent) {
      assertThat(Network.readToEnd(each)).isEmpty();
    }
  }

  /** A transport that is closed leaves none of them open. */
  @Test
  void silentConnections_areClosedWithTheTransport() throws Exception {
    SocketTransport one = network.transport(1, at1);
    List<SocketChannel> silent = new ArrayList<>();
    for (int i = 0; i < Acceptor.MAX_UNDECIDED / 2; i++) {
      silent.add(network.connect(1));
    }
    SocketChannel good = network.join(1, 3); // those before it were taken
    Network.write(good, Network.encode(FRAME));
    assertThat(at1.frame(3)).isEqualTo(FRAME);

    one.close();

    for (SocketChannel each : silent) {
      assertThat(Network.readToEnd(each)).isEmpty();
    }
  }
}
