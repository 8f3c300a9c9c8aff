package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent is kept until the peer has it, and is sent again from there. */
class SendQueueTest {
  private static final byte[] SIGN_OF_LIFE = {};

  private final SendQueue queue = new SendQueue();

  private static byte[] frame(int number) {
    return ByteBuffer.allocate(4 + number % 5).putInt(0, number).array();
  }

  private byte[] filled(int most) {
    ByteBuffer out = ByteBuffer.allocate(most);
    queue.fill(out);
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  private static List<Integer> numbers(byte[] bytes) {
    List<Integer> all = new ArrayList<>();
    for (ByteBuffer in = ByteBuffer.wrap(bytes); in.hasRemaining();) {
      int length = in.getInt();
      if (length > 0) {
        all.add(in.getInt());
        in.position(in.position() + length - 4);
      }
    }
    return all;
  }

  private void acknowledge(long count) throws FrameException {
    queue.acknowledge(count);
    queue.trim();
  }

  /** Wherever the connection broke, in the middle of a frame or a header too. */
  @Test
  void rewind_sendsAllAgainThatThePeerDoesNotHave() throws FrameException {
    for (int has = 0; has <= 3; has++) {
      for (int written = 0; written < 60; written++) {
        SendQueueTest test = new SendQueueTest();
        test.rewinds(has, written);
      }
    }
  }

  private void rewinds(int has, int written) throws FrameException {
    assertThat(queue.begin()).isTrue();
    for (int i = 0; i < 3; i++) {
      assertThat(queue.append(new SendQueue.Entry(frame(i)))).isTrue();
    }
    for (int i = 3; i < 7; i++) {
      queue.push(frame(i));
    }
    filled(written);

    assertThat(queue.rewind(has)).isEqualTo(has > 0);

    List<Integer> expected = new ArrayList<>();
    for (int i = has; i < 7; i++) {
      expected.add(i);
    }
    assertThat(numbers(filled(1_000))).isEqualTo(expected);
    acknowledge(7);
    assertThat(queue.heldBytes()).isZero();
    assertThat(queue.bytes()).isZero();
  }

  /** What a peer says step by step, in any mixture with what is sent and with breaks. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyMixture_sendsEachFrameOnceToThePeer(long seed) throws FrameException {
    Random random = new Random(seed);
    List<Integer> has = new ArrayList<>();
    FrameDecoder[] decoder = {new FrameDecoder(f -> has.add(f.getInt()))};
    int pushed = 0;
    queue.begin();
    for (int step = 0; step < 20_000; step++) {
      switch (random.nextInt(8)) {
        case 0, 1 -> queue.push(frame(pushed++));
        case 2 -> {
          if (queue.append(new SendQueue.Entry(frame(pushed)))) {
            byte[] bytes = Network.encode(frame(pushed++));
            int sent = random.nextInt(bytes.length + 1);
            decoder[0].decode(ByteBuffer.wrap(bytes, 0, sent));
            if (sent < bytes.length) {
              queue.putBack(sent);
            }
          }
        }
        case 3 -> queue.push(SIGN_OF_LIFE);
        case 4 -> acknowledge(has.size());
        case 5 -> {
          if (random.nextInt(5) == 0) {
            decoder[0] = new FrameDecoder(f -> has.add(f.getInt()));
            queue.rewind(has.size());
          }
        }
        default -> decoder[0].decode(ByteBuffer.wrap(filled(random.nextInt(60))));
      }
    }
    decoder[0].decode(ByteBuffer.wrap(filled(1 << 20)));
    assertThat(queue.bytes()).isZero();
    acknowledge(has.size());

    assertThat(has).hasSize(pushed).isSorted().doesNotHaveDuplicates();
    assertThat(queue.heldBytes()).isZero();
    assertThat(queue.end()).isFalse();
  }

  /** Signs of life are in no count, and are not kept. */
  @Test
  void signsOfLife_areNotCounted() throws FrameException {
    queue.begin();
    queue.push(SIGN_OF_LIFE);
    queue.push(frame(1));
    queue.push(SIGN_OF_LIFE);
    queue.push(SIGN_OF_LIFE);
    queue.push(frame(2));
    filled(100);
    assertThat(queue.heldBytes()).isEqualTo(2 * SendQueue.ENTRY_BYTES + 5 + 6);

    acknowledge(1);
    assertThat(queue.heldBytes()).isEqualTo(SendQueue.ENTRY_BYTES + 6);
    queue.rewind(1);
    assertThat(numbers(filled(100))).containsExactly(2);
    acknowledge(2);

    assertThat(queue.heldBytes()).isZero();
  }

  @Test
  void countsThatThereCanNotBe_areRefused() throws FrameException {
    queue.begin();
    for (int i = 0; i < 4; i++) {
      queue.push(frame(i));
    }
    filled(17); // two frames, and some of the third
    acknowledge(1);

    assertThatThrownBy(() -> acknowledge(3)).isInstanceOf(FrameException.class);
    assertThatThrownBy(() -> acknowledge(0)).isInstanceOf(FrameException.class);
    queue.acknowledge(1);
    assertThatThrownBy(() -> queue.rewind(3)).isInstanceOf(FrameException.class);
    assertThatThrownBy(() -> queue.rewind(0)).isInstanceOf(FrameException.class);
  }

  /** Who writes has the loop woken for what the peer has said meanwhile; not for what must wait. */
  @Test
  void end_wakesTheLoopForWhatCanBeDone() throws FrameException {
    queue.begin();
    queue.push(new byte[(int) SendQueue.MAX_HELD_BYTES]);
    queue.push(frame(1));
    filled((int) SendQueue.MAX_HELD_BYTES + 4);
    assertThat(queue.isReady()).isFalse();
    assertThat(queue.append(new SendQueue.Entry(frame(2)))).isFalse();
    assertThat(queue.end()).as("it waits for the peer").isFalse();

    queue.begin();
    queue.acknowledge(1);
    assertThat(queue.end()).as("the peer has said something").isTrue();
    queue.begin();
    queue.trim();
    assertThat(queue.isReady()).isTrue();
    assertThat(queue.end()).as("it may go on").isTrue();
  }

  @Test
  void closedQueue_holdsNothing() {
    queue.begin();
    queue.push(frame(1));
    filled(100);
    queue.push(frame(2));

    queue.close();
    queue.clear();

    assertThat(queue.push(frame(3))).isFalse();
    assertThat(queue.append(new SendQueue.Entry(frame(3)))).isFalse();
    assertThat(queue.heldBytes() + queue.bytes()).isZero();
    assertThat(filled(100)).isEmpty();
    assertThat(queue.end()).as("so that whoever wrote meanwhile has the rest dropped").isTrue();
  }
}
