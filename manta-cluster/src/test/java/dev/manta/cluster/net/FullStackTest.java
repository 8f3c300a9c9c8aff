package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Frames that are sent where hardly any stack is left: each is sent or refused with the stack overflow, and
 * those after it go their way.
 */
class FullStackTest {
  private static final int DIVES = 15;
  private static final int FRAME_BYTES = Long.BYTES;

  private final Recorder receiver = new Recorder();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private Network network;
  private SocketTransport from;

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    network = new Network(directory);
    from = network.transport(1, new Recorder());
    network.transport(2, receiver);
  }

  @AfterEach
  void close() throws Exception {
    network.close();
  }

  private static byte[] frame(long number) {
    return ByteBuffer.allocate(FRAME_BYTES).putLong(number).array();
  }

  /** Sends at each depth, from the deepest on up; how far that is from the deepest. */
  @SuppressWarnings("InfiniteRecursion") // that is the point
  private int dive(boolean alone) {
    int below;
    try {
      below = dive(alone);
    } catch (StackOverflowError e) {
      below = 0;
    }
    if (below < 200) {
      send(alone);
    }
    return below + 1;
  }

  private void send(boolean alone) {
    byte[] frame = frame(sent.get() + 1);
    try {
      if (alone) {
        from.sendAlone(2, frame);
      } else {
        from.send(2, frame);
      }
      sent.incrementAndGet();
    } catch (StackOverflowError e) {
      refused.incrementAndGet(); // the next frame has its number
    }
  }

  private void diveOften(boolean alone, int warmUps) throws Exception {
    for (int i = 0; i < warmUps; i++) { // what is compiled needs less stack
      send(alone);
      assertThat(number()).isEqualTo(sent.get());
    }
    for (int i = 0; i < DIVES; i++) {
      long before = sent.get();
      Thread diver = new Thread(null, () -> dive(alone), "diver", 256 << 10);
      diver.start();
      diver.join();
      send(alone);
      for (long n = before; n < sent.get(); n++) {
        assertThat(number()).isEqualTo(n + 1);
      }
    }
    assertThat(receiver.isEmpty()).isTrue();
    assertThat(refused.get()).as("some were too deep").isPositive();
  }

  private long number() throws InterruptedException {
    return ByteBuffer.wrap(receiver.frame(1)).getLong();
  }

  @ParameterizedTest
  @CsvSource({"false, 100", "true, 100", "false, 5000", "true, 5000"})
  @Timeout(120)
  void frames_areSentOrRefused(boolean alone, int warmUps) throws Exception {
    diveOften(alone, warmUps);
  }
}
