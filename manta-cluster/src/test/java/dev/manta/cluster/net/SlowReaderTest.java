package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** What a peer does not read waits where it is counted. */
class SlowReaderTest extends NetworkTest {
  private static final int FRAME_BYTES = 16 << 10;
  private static final int FRAMES = 4_000;
  private static final long SENT_BYTES = (long) FRAMES * (FRAME_BYTES + Integer.BYTES);

  /** More than this is not in the system, which holds more for TCP; */
  private static final long SENT_UNREAD_BYTES = SendQueue.MAX_HELD_BYTES + FRAME_BYTES;

  /** nor more than this in Netty. */
  private static final long DIRECT_BYTES = 2 << 20;

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
        .stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  /** It stays in the queue, and goes on when the peer reads; others are not held up. */
  @Test
  void framesToASlowReader_waitInTheQueue() throws Exception {
    Recorder at3 = new Recorder();
    SocketTransport one = network.transport(1, new Recorder());
    network.transport(3, at3);
    long before = directBytes();
    ServerSocketChannel server = network.listen(5);
    for (int i = 0; i < FRAMES; i++) {
      one.send(5, ByteBuffer.allocate(FRAME_BYTES).putInt(0, i).array());
    }
    SocketChannel slow = Network.accept(server, 5, 0);

    one.send(3, new byte[]{1});
    assertThat(at3.frame(1)).containsExactly(1);
    assertThat(one.queuedBytes(5)).isGreaterThan(SENT_BYTES - SENT_UNREAD_BYTES);
    assertThat(directBytes() - before).isLessThan(DIRECT_BYTES);

    for (int i = 0; i < FRAMES; i++) {
      ByteBuffer frame = Network.read(slow, Integer.BYTES + FRAME_BYTES);
      assertThat(frame.getInt(0)).isEqualTo(FRAME_BYTES);
      assertThat(frame.getInt(4)).isEqualTo(i);
      Network.write(slow, ByteBuffer.allocate(Long.BYTES).putLong(0, i + 1).array());
    }
    assertThat(one.queuedBytes(5)).isZero();
    assertThat(directBytes() - before).isLessThan(DIRECT_BYTES);
  }
}
