package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections break between processes that live: the frames go on where they were. */
class ResumeTest extends NetworkTest {
  private static final int LONGEST = 60_000;

  private static byte[] frame(int sender, int index, Random random) {
    int most = random.nextInt(50) == 0 ? LONGEST : random.nextInt(4) == 0 ? 3_000 : 40;
    byte[] frame = new byte[8 + random.nextInt(most)];
    Arrays.fill(frame, (byte) index);
    return ByteBuffer.wrap(frame).putInt(sender).putInt(index).array();
  }

  private static byte[] count(long count) {
    return ByteBuffer.allocate(Long.BYTES).putLong(count).array();
  }

  /** Two processes, each connected to the other by a relay. */
  private record Pair(SocketTransport one, Relay to1, SocketTransport two, Relay to2) {
    List<Relay> relays() {
      return List.of(to1, to2);
    }
  }

  private Pair pair(long seed) throws Exception {
    network.sockets(); // makes the directory of the relays
    Relay to1 = network.relay(1, seed);
    Relay to2 = network.relay(2, seed + 1);
    SocketTransport one =
        network.transport(1, to2.sockets(network.sockets()), Network.SECRET, at1);
    SocketTransport two =
        network.transport(2, to1.sockets(network.sockets()), Network.SECRET, at2);
    return new Pair(one, to1, two, to2);
  }

  /** Some hundred times, after any byte of either direction, while several threads send both ways. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void frames_arriveOnceAndInOrder_whereverConnectionsAreCut(long seed) throws Exception {
    int senders = 3;
    int each = 12_000;
    Pair pair = pair(seed);
    pair.relays().forEach(relay -> relay.cutNext(120, 10 * LONGEST));

    List<Thread> threads = new ArrayList<>();
    for (int s = 0; s < 2 * senders; s++) {
      int sender = s;
      SocketTransport from = s < senders ? pair.one() : pair.two();
      int to = s < senders ? 2 : 1;
      threads.add(Thread.ofPlatform().start(() -> {
        Random random = new Random(31 * seed + sender);
        for (int i = 0; i < each; i++) {
          byte[] frame = frame(sender, i, random);
          if (random.nextBoolean()) {
            from.sendAlone(to, frame);
          } else {
            from.send(to, frame);
          }
          if (random.nextInt(20) == 0) {
            Thread.yield();
          }
        }
      }));
    }

    int[] next = new int[2 * senders];
    for (int i = 0; i < senders * each; i++) {
      for (byte[] bytes : List.of(at1.frame(2), at2.frame(1))) {
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        int sender = frame.getInt();
        int index = frame.getInt();
        assertThat(index).as("of %d", sender).isEqualTo(next[sender]++);
        int same = frame.position();
        while (same < bytes.length && bytes[same] == (byte) index) { // millions of them
          same++;
        }
        assertThat(same).as("the bytes of %d", index).isEqualTo(bytes.length);
      }
    }
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    }
    assertThat(pair.to1().cuts()).isGreaterThan(20);
    assertThat(pair.to2().cuts()).isGreaterThan(20);
    await(() -> pair.one().heldBytes(2) == 0 && pair.two().heldBytes(1) == 0);
    assertThat(pair.one().queuedBytes(2) + pair.two().queuedBytes(1)).isZero();
    assertThat(at1.isEmpty() && at2.isEmpty()).as("no more frames, no loss").isTrue();
  }

  /** Also while nothing is sent; what is sent next arrives. */
  @Test
  void idleConnections_areOpenedAgain() throws Exception {
    Pair pair = pair(5);

    for (int i = 0; i < 50; i++) {
      pair.one().sendAlone(2, frame(i));
      assertThat(at2.frame(1)).isEqualTo(frame(i));
      pair.two().sendAlone(1, frame(i));
      assertThat(at1.frame(2)).isEqualTo(frame(i));
      pair.relays().forEach(Relay::cutNow);
    }

    assertThat(at1.isEmpty() && at2.isEmpty()).isTrue();
  }

  /** What a peer has is let go, without another frame. */
  @Test
  void framesThatHaveCome_areLetGo() throws Exception {
    SocketTransport one = network.transport(1, at1);
    network.transport(2, at2);

    for (int i = 0; i < 100; i++) {
      one.sendAlone(2, frame(i));
      one.send(2, frame(i));
    }

    for (int i = 0; i < 200; i++) {
      at2.frame(1);
    }
    await(() -> one.heldBytes(2) == 0);
    assertThat(at2.isEmpty()).isTrue();
  }

  /** So much is sent to a peer that does not say what it has, and no more; then it goes on. */
  @Test
  void memoryForFramesThatAreSent_isLimited() throws Exception {
    int frames = 3_000;
    int bytes = 10_000;
    SocketTransport one = network.transport(1, at1);
    ServerSocketChannel server = network.listen(2);
    for (int i = 0; i < frames; i++) {
      one.send(2, ByteBuffer.allocate(bytes).putInt(0, i).array());
    }
    SocketChannel from = Network.accept(server, 2, 0);
    int most = (int) (SendQueue.MAX_HELD_BYTES / (bytes + SendQueue.ENTRY_BYTES)) + 1;

    for (int i = 0; i < most; i++) {
      assertThat(Network.read(from, 4 + bytes).getInt(4)).isEqualTo(i);
    }
    one.sendAlone(2, frame(7));
    from.configureBlocking(false);
    assertThat(one.heldBytes(2)).isBetween(
        SendQueue.MAX_HELD_BYTES, SendQueue.MAX_HELD_BYTES + bytes + SendQueue.ENTRY_BYTES);
    assertThat(from.read(ByteBuffer.allocate(1))).as("no more is sent").isZero();
    assertThat(one.queuedBytes(2)).isEqualTo((frames - most) * (4L + bytes) + 8);

    from.configureBlocking(true);
    Network.write(from, count(most));
    for (int i = most; i < frames; i++) {
      assertThat(Network.read(from, 4 + bytes).getInt(4)).isEqualTo(i);
      Network.write(from, count(i + 1));
    }
    assertThat(Network.read(from, 8)).isEqualTo(ByteBuffer.wrap(Network.encode(frame(7))));
  }

  /** The receiver says what it has: not before that, and not after. */
  @Test
  void receiver_saysWhatItHas() throws Exception {
    network.transport(1, at1);
    network.listen(2); // it lives
    SocketChannel to = network.join(1, 2);

    Network.write(to, Network.encode(frame(0), frame(1)));
    Network.write(to, new byte[]{0, 0, 0, 4, 9});
    assertThat(Network.read(to, Long.BYTES).getLong()).isEqualTo(2);
    to.close();
    SocketChannel again = network.join(1, 2, 2, 2);
    Network.write(again, Network.encode(frame(2)));

    for (int i = 0; i < 3; i++) {
      assertThat(at1.frame(2)).isEqualTo(frame(i));
    }
    assertThat(Network.read(again, Long.BYTES).getLong()).isEqualTo(3);
  }

  /** A connection takes the place of one that seems to live; nothing more is read from that. */
  @Test
  void nextConnection_takesThePlaceOfTheFirst() throws Exception {
    network.transport(1, at1);
    SocketChannel first = network.join(1, 2);
    Network.write(first, Network.encode(frame(0)));
    assertThat(at1.frame(2)).isEqualTo(frame(0));

    SocketChannel second = network.join(1, 2, 2, 1);

    Network.readToEnd(first);
    Network.write(second, Network.encode(frame(1)));
    assertThat(at1.frame(2)).isEqualTo(frame(1));
    assertThat(at1.isEmpty()).isTrue();
  }

  /** The sender sends what the receiver does not have, from the frame on. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void sender_goesOnWhereTheReceiverEnds(int has) throws Exception {
    SocketTransport one = network.transport(1, at1);
    ServerSocketChannel server = network.listen(2);
    for (int i = 0; i < 3; i++) {
      one.send(2, frame(i));
    }
    SocketChannel first = Network.accept(server, 2, 0);
    Network.read(first, 3 * 8);
    first.close();

    SocketChannel second = Network.accept(server, 2, has);

    one.send(2, frame(3));
    for (int i = has; i <= 3; i++) {
      assertThat(Network.read(second, 8).getInt(4)).isEqualTo(i);
    }
    Network.write(second, count(4));
    await(() -> one.heldBytes(2) == 0);
  }

  /** A peer that claims what it can't have breaks the protocol, on a connection or at its beginning. */
  @ParameterizedTest
  @CsvSource({
      "4, false", "9223372036854775807, false", "-1, false", "1, false", "4, true", "1, true"})
  void impossibleCount_losesThePeer(long count, boolean onTheNextConnection) throws Exception {
    SocketTransport one = network.transport(1, at1);
    ServerSocketChannel server = network.listen(2);
    for (int i = 0; i < 3; i++) {
      one.send(2, frame(i));
    }
    SocketChannel from = Network.accept(server, 2, 0);
    Network.read(from, 3 * 8);
    Network.write(from, count(2));

    if (onTheNextConnection) {
      await(() -> one.heldBytes(2) == SendQueue.ENTRY_BYTES + 4);
      from.close();
      Network.accept(server, 2, count);
    } else {
      Network.write(from, count(count));
    }

    assertThat(at1.loss(2)).startsWith("broke the protocol: has " + count + " frames");
    assertThat(one.heldBytes(2) + one.queuedBytes(2)).isZero();
  }

  /** Whoever else connects in the name of a peer changes nothing. */
  @Test
  void connectionsOfOthers_changeNothing() throws Exception {
    SocketTransport one = network.transport(1, at1);
    SocketChannel good = network.join(1, 2);
    Handshake next = Network.handshake(2, 2);

    SocketChannel wrongSecret = network.connect(1);
    Network.write(wrongSecret, next.encode(Network.secret(8)));
    assertThat(Network.readToEnd(wrongSecret)).isEmpty();
    SocketChannel older = network.greet(1, Network.handshake(2, 1));
    assertThat(Network.readToEnd(older)).isEmpty();
    SocketChannel otherSender =
        network.greet(1, new Handshake(Handshake.VERSION, 2, 77, 0, 2));
    assertThat(Network.readToEnd(otherSender)).startsWith(0, 0, 0, Handshake.VERSION, 1);
    SocketChannel otherReceiver =
        network.greet(1, new Handshake(Handshake.VERSION, 2, next.id(), one.id() + 1, 2));
    assertThat(Network.readToEnd(otherReceiver)).startsWith(0, 0, 0, Handshake.VERSION, 1);

    Network.write(good, Network.encode(frame(0)));
    assertThat(at1.frame(2)).isEqualTo(frame(0));
    network.greet(1, new Handshake(Handshake.VERSION, 2, next.id(), one.id(), 2));
    Network.readToEnd(good);
    assertThat(at1.isEmpty()).isTrue();
  }

  /** A process that was started again under the same number is not who the frames were for. */
  @Test
  void receiverThatWasStartedAgain_isNotGoneOnWith() throws Exception {
    network.with(Network.HASTY);
    Pair pair = pair(7);
    pair.one().send(2, frame(0));
    assertThat(at2.frame(1)).isEqualTo(frame(0));
    Recorder again = new Recorder();
    pair.two().close();
    network.transport(2, pair.to1().sockets(network.sockets()), Network.SECRET, again);

    pair.to2().cutNow();
    pair.one().send(2, frame(1));

    assertThat(at1.loss(2)).isNotEmpty();
    assertThat(again.isEmpty()).isTrue();
  }

  /** A peer that was given up does not come back, whichever connection is cut. */
  @Test
  void peerThatWasDropped_isNotGoneOnWith() throws Exception {
    Pair pair = pair(9);
    pair.one().send(2, frame(0));
    assertThat(at2.frame(1)).isEqualTo(frame(0));
    pair.two().send(1, frame(0));
    assertThat(at1.frame(2)).isEqualTo(frame(0));

    pair.two().drop(1, "was bad");
    pair.relays().forEach(Relay::cutNow);

    assertThat(at2.loss(1)).isEqualTo("was bad");
    assertThat(at1.loss(2)).isEqualTo("closed the connection");
    pair.one().send(2, frame(1));
    pair.two().send(1, frame(1));
    assertThat(pair.one().queuedBytes(2) + pair.two().queuedBytes(1)).isZero();
  }

  /** Who is gone behind a relay that still takes connections is lost after some tries. */
  @Test
  void peerThatIsGone_isLostAfterSomeTries() throws Exception {
    network.with(Network.HASTY);
    Pair pair = pair(11);
    pair.one().send(2, frame(0));
    assertThat(at2.frame(1)).isEqualTo(frame(0));

    pair.two().close();
    network.forget(2);

    assertThat(at1.loss(2)).isNotEmpty();
    assertThat(pair.one().heldBytes(2)).isZero();
  }
}
