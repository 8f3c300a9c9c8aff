package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Peers of which nothing is heard. */
class SilenceTest extends NetworkTest {
  private static final Duration SILENCE = Duration.ofMillis(400);
  private static final int TIMEOUT_S = 30;

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(TIMEOUT_S, TimeUnit.SECONDS)).as("within %d s", TIMEOUT_S).isTrue();
  }

  @Test
  void silentPeer_isToldOnce() throws Exception {
    SocketTransport one = network.transport(1, new Recorder());
    network.join(1, 2);
    CountDownLatch silent = new CountDownLatch(1);

    one.watch(2, SILENCE, silent::countDown);

    await(silent);
  }

  /** The silence of two others, one after the other, is the time for which it is looked at. */
  @Test
  void beatingPeer_isNotSilent_andItsBeatsAreNoFrames() throws Exception {
    SocketTransport one = network.transport(1, at1);
    SocketTransport three = network.transport(3, new Recorder());
    AtomicInteger silent = new AtomicInteger();
    three.beat(1, SILENCE);

    one.watch(3, SILENCE, silent::incrementAndGet);
    for (int other : new int[]{5, 7}) {
      CountDownLatch later = new CountDownLatch(1);
      one.watch(other, SILENCE, later::countDown);
      await(later);
    }

    assertThat(silent).hasValue(0);
    assertThat(at1.isEmpty()).isTrue();
  }

  @Test
  void peerThatStopsToBeat_isSilent() throws Exception {
    SocketTransport one = network.transport(1, new Recorder());
    var to = network.join(1, 2);
    Network.write(to, Network.encode(new byte[0]));
    CountDownLatch silent = new CountDownLatch(1);

    one.watch(2, SILENCE, silent::countDown);
    Network.write(to, Network.encode(new byte[0]));

    await(silent);
  }

  /** As a process that was stopped: what came meanwhile is read first. */
  @Test
  void timeInWhichThisProcessDoesNotRun_doesNotCount() throws Exception {
    CountDownLatch stood = new CountDownLatch(1);
    AtomicInteger silent = new AtomicInteger();
    Recorder standing =
        new Recorder() {
          @Override
          public void received(int peer, ByteBuffer frame) {
            try {
              Thread.sleep(SILENCE.multipliedBy(3));
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            stood.countDown();
          }
        };
    SocketTransport one = network.transport(1, standing);
    SocketTransport three = network.transport(3, new Recorder());
    three.beat(1, SILENCE);
    one.watch(3, SILENCE, silent::incrementAndGet);

    three.send(1, new byte[]{1});

    await(stood);
    CountDownLatch later = new CountDownLatch(1);
    one.watch(5, SILENCE, later::countDown);
    await(later);
    assertThat(silent).hasValue(0);
  }
}
