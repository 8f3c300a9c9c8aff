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
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that their senders write themselves, among those of the loop. */
class SendAloneTest extends NetworkTest {
  private static final int LONGEST_ALONE = 16 << 10;

  private static byte[] frame(int sender, int index, int bytes) {
    byte[] frame = new byte[Math.max(2 * Integer.BYTES, bytes)];
    Arrays.fill(frame, (byte) index);
    ByteBuffer.wrap(frame).putInt(sender).putInt(index);
    return frame;
  }

  private static void awaitSent(SocketTransport from, int peer) {
    await(() -> from.queuedBytes(peer) == 0);
  }

  /** Each thread's frames in its order, whoever writes them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void framesOfSeveralThreads_arriveInTheOrderOfEach(int seed) throws Exception {
    int senders = 4;
    int each = 20_000;
    SocketTransport from = network.transport(1, at1);
    network.transport(2, at2);

    List<Thread> threads = new ArrayList<>();
    for (int s = 0; s < senders; s++) {
      int sender = s;
      threads.add(Thread.ofPlatform().start(() -> {
        Random random = new Random(31L * seed + sender);
        for (int i = 0; i < each; i++) {
          byte[] frame = frame(sender, i, random.nextInt(100));
          if (random.nextInt(4) > 0) {
            from.sendAlone(2, frame);
          } else {
            from.send(2, frame);
          }
          if (random.nextInt(50) == 0) {
            Thread.yield();
          }
        }
      }));
    }

    int[] next = new int[senders];
    for (int i = 0; i < senders * each; i++) {
      ByteBuffer frame = ByteBuffer.wrap(at2.frame(1));
      assertThat(frame.getInt(4)).isEqualTo(next[frame.getInt(0)]++);
    }
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    }
    assertThat(from.queuedBytes(2)).isZero();
  }

  /** What the socket does not take is the loop's to send, from the very byte on. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void framesThatTheSocketTakesInPart_arriveWhole(int seed) throws Exception {
    Random random = new Random(seed);
    SocketTransport from = network.transport(1, at1);
    ServerSocketChannel server = network.listen(5);
    from.send(5, frame(0, 0, 10));
    SocketChannel slow = Network.accept(server, 5, 0);
    assertThat(Network.read(slow, Integer.BYTES + 10).getInt(8)).isZero();
    awaitSent(from, 5);

    List<byte[]> sent = new ArrayList<>();
    for (int i = 1; from.queuedBytes(5) < 3 * LONGEST_ALONE; i++) {
      byte[] frame = frame(0, i, 1 + random.nextInt(LONGEST_ALONE));
      from.sendAlone(5, frame);
      sent.add(frame);
    }

    for (byte[] frame : sent) {
      assertThat(Network.read(slow, Integer.BYTES).getInt(0)).isEqualTo(frame.length);
      assertThat(Network.read(slow, frame.length).array()).isEqualTo(frame);
    }
    awaitSent(from, 5);
  }

  /** An interrupt of the sender is no matter of the connection. */
  @Test
  void interruptedSender_doesNotCloseTheConnection() throws Exception {
    SocketTransport from = network.transport(1, at1);
    network.transport(2, at2);
    from.send(2, frame(0, 0, 8));
    assertThat(at2.frame(1)).hasSize(8);
    awaitSent(from, 2);

    Thread.currentThread().interrupt();
    for (int i = 1; i < 100; i++) {
      from.sendAlone(2, frame(0, i, 8));
    }

    assertThat(Thread.interrupted()).isTrue();
    for (int i = 1; i < 100; i++) {
      assertThat(ByteBuffer.wrap(at2.frame(1)).getInt(4)).isEqualTo(i);
    }
  }

  /** A peer that is gone is lost, as for frames that the loop writes. */
  @Test
  void frameToAPeerThatIsGone_isALoss() throws Exception {
    network.with(Network.HASTY);
    SocketTransport from = network.transport(1, at1);
    SocketTransport to = network.transport(2, at2);
    from.send(2, frame(0, 0, 8));
    assertThat(at2.frame(1)).hasSize(8);
    to.close();

    for (int i = 0; i < 1_000; i++) {
      from.sendAlone(2, frame(0, i, 8));
    }

    assertThat(at1.loss(2)).isNotEmpty();
    assertThat(from.queuedBytes(2)).isZero();
  }

  /** The rest of a frame is what is sent next, wherever it was cut, in its header too. */
  @Test
  void putBack_goesOnWithTheNextByte() {
    byte[] frame = frame(3, 4, 20);
    byte[] whole = Network.encode(frame);
    byte[] following = {9};
    for (int sent = 0; sent < whole.length; sent++) {
      SendQueue queue = new SendQueue();
      assertThat(queue.begin()).isTrue();
      assertThat(queue.append(new SendQueue.Entry(frame))).isTrue();
      queue.putBack(sent);
      assertThat(queue.push(following)).isTrue();
      assertThat(queue.bytes()).isEqualTo(whole.length - sent + 5);
      ByteBuffer out = ByteBuffer.allocate(64);

      queue.fill(out);

      ByteBuffer expected = ByteBuffer.allocate(64);
      expected.put(whole, sent, whole.length - sent).put(Network.encode(following));
      assertThat(out).isEqualTo(expected);
      assertThat(out.array()).isEqualTo(expected.array());
      assertThat(queue.bytes()).isZero();
      assertThat(queue.end()).isFalse();
    }
  }
}
