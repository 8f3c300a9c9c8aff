package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TCP stays on this machine, and does not wait for more to send. */
class TcpSocketsTest {
  /** Others could listen to what travels there. */
  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "::", "2001:db8::1"})
  void addressOfANetwork_isRefused(String host) {
    InetSocketAddress address = new InetSocketAddress(host, 0);

    assertThatThrownBy(
        () -> SocketTransport.open(1, address, _ -> null, Network.SECRET, new Recorder()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("will not listen at")
        .hasMessageContaining("127.0.0.1");
  }

  private static SocketTransport hasty(IntFunction<InetSocketAddress> peers, Recorder at1)
      throws IOException {
    TcpSockets sockets = TcpSockets.of(Network.free(), peers);
    return SocketTransport.open(1, sockets, Network.SECRET, at1, Network.HASTY);
  }

  /** Nor does this process say the secret there. */
  @Test
  void peerInANetwork_isNotConnectedTo() throws Exception {
    Recorder at1 = new Recorder();
    InetSocketAddress there = new InetSocketAddress("192.0.2.1", 9);
    try (SocketTransport one =
        hasty(_ -> there, at1)) {
      one.send(2, new byte[]{1});

      assertThat(at1.loss(2)).startsWith("cannot be reached: will not connect to");
    }
  }

  @Test
  void peerWhoseAddressIsNotKnown_isLost() throws Exception {
    Recorder at1 = new Recorder();
    try (SocketTransport one =
        hasty(_ -> null, at1)) {
      one.send(2, new byte[]{1});

      assertThat(at1.loss(2)).isEqualTo("cannot be reached: its address is not known");
    }
  }

  /** A port that is taken is said; one that is free is found, and told. */
  @Test
  void port_isTheOneThatIsGivenOrAFreeOne() throws Exception {
    try (SocketTransport one =
        SocketTransport.open(1, Network.free(), _ -> null, Network.SECRET, new Recorder())) {
      InetSocketAddress taken = (InetSocketAddress) one.address();
      assertThat(taken.getPort()).isPositive();
      assertThat(taken.getAddress().isLoopbackAddress()).isTrue();

      assertThatThrownBy(
          () -> SocketTransport.open(2, taken, _ -> null, Network.SECRET, new Recorder()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen at")
          .hasMessageContaining(String.valueOf(taken.getPort()));
    }
  }

  @Test
  void sockets_doNotWaitForMore() throws Exception {
    TcpSockets sockets = TcpSockets.of(Network.free(), _ -> null);

    try (SocketChannel socket = sockets.newSocket()) {
      assertThat(socket.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
    }
  }
}
