package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.engine.Transport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames arrive: all, once, in order, whole. */
class SocketTransportTest extends NetworkTest {
  /** What each of several threads sends arrives in its order, whichever loops the processes are on. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void framesOfSeveralThreads_arriveInTheOrderOfEach(int receiver) throws Exception {
    int senders = 4;
    int each = 50_000;
    SocketTransport from = network.transport(9, at1);
    network.transport(receiver, at2);

    List<Thread> threads = new ArrayList<>();
    for (int s = 0; s < senders; s++) {
      int sender = s;
      threads.add(Thread.ofPlatform().start(() -> {
        for (int i = 0; i < each; i++) {
          from.send(receiver, frame(sender, i));
        }
      }));
    }

    int[] next = new int[senders];
    for (int i = 0; i < senders * each; i++) {
      ByteBuffer frame = ByteBuffer.wrap(at2.frame(9));
      assertThat(frame.getInt(4)).isEqualTo(next[frame.getInt(0)]++);
    }
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    }
    assertThat(from.queuedBytes(receiver)).isZero();
  }

  /** From one byte to 10 MiB, in both directions at once. */
  @Test
  void framesOfAllSizes_arriveWholeInBothDirections() throws Exception {
    SocketTransport one = network.transport(1, at1);
    SocketTransport two = network.transport(2, at2);
    Random random = new Random(3);
    int[] sizes = {
        1, 2, 3, 4, 5, 100, 65_527, 65_532, 65_536, 65_540, 1, 200_000, 1 << 20, 7, 10 << 20, 1
    };
    List<byte[]> frames = new ArrayList<>();
    for (int size : sizes) {
      byte[] frame = new byte[size];
      random.nextBytes(frame);
      frames.add(frame);
    }

    for (byte[] frame : frames) {
      one.send(2, frame);
      two.send(1, frame);
    }

    for (byte[] frame : frames) {
      assertThat(Arrays.equals(at2.frame(1), frame)).as("%d bytes", frame.length).isTrue();
      assertThat(Arrays.equals(at1.frame(2), frame)).as("%d bytes", frame.length).isTrue();
    }
  }

  /** A receiver may answer at once. */
  @Test
  void answersFromTheReceiver_arrive() throws Exception {
    int frames = 100_000;
    SocketTransport one = network.transport(1, at1);
    AtomicReference<SocketTransport> two = new AtomicReference<>();
    two.set(network.transport(2, new Transport.Receiver() {
      @Override
      public void received(int peer, ByteBuffer frame) {
        byte[] answer = new byte[frame.remaining()];
        frame.get(answer);
        two.get().send(peer, answer);
      }

      @Override
      public void lost(int peer, String why) {}
    }));

    for (int i = 0; i < frames; i++) {
      one.send(2, frame(1, i));
    }

    for (int i = 0; i < frames; i++) {
      assertThat(ByteBuffer.wrap(at1.frame(2)).getInt(4)).isEqualTo(i);
    }
  }

  /** Many processes at once, each with each. */
  @Test
  void manyProcesses_talkEachWithEach() throws Exception {
    int processes = 20;
    List<SocketTransport> transports = new ArrayList<>();
    List<Recorder> recorders = new ArrayList<>();
    for (int i = 0; i < processes; i++) {
      recorders.add(new Recorder());
      transports.add(network.transport(i, recorders.get(i)));
    }

    for (SocketTransport from : transports) {
      for (SocketTransport to : transports) {
        if (from != to) {
          from.send(to.self(), frame(from.self(), to.self()));
        }
      }
    }

    for (int i = 0; i < processes; i++) {
      List<Integer> senders = new ArrayList<>();
      for (int j = 0; j < processes - 1; j++) {
        Recorder.Event event = recorders.get(i).next();
        assertThat(event.frame()).isEqualTo(frame(event.peer(), i));
        senders.add(event.peer());
      }
      assertThat(senders).doesNotHaveDuplicates();
    }
  }

  /** The threads are daemons and named. */
  @Test
  void receiver_isCalledByADaemonThreadOfItsName() throws Exception {
    AtomicReference<Thread> caller = new AtomicReference<>();
    CountDownLatch called = new CountDownLatch(1);
    SocketTransport one = network.transport(1, at1);
    network.transport(2, new Transport.Receiver() {
      @Override
      public void received(int peer, ByteBuffer frame) {
        caller.set(Thread.currentThread());
        called.countDown();
      }

      @Override
      public void lost(int peer, String why) {}
    });

    one.send(2, new byte[1]);

    assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(caller.get().getName()).isEqualTo("manta-io-1");
    assertThat(caller.get().isDaemon()).isTrue();
  }

  /** What no frame can be is refused where it is sent. */
  @Test
  void impossibleFrames_areRefused() throws Exception {
    SocketTransport one = network.transport(1, at1);
    byte[] tooLong = new byte[SocketTransport.MAX_FRAME_BYTES + 1];

    assertThatThrownBy(() -> one.send(2, new byte[0])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> one.send(2, tooLong)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> one.send(1, new byte[1])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> one.send(-1, new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A transport can be closed by its own receiver, which then gets no more of the batch. */
  @Test
  void receiver_canClose() throws Exception {
    network.with(Network.HASTY);
    AtomicReference<SocketTransport> two = new AtomicReference<>();
    List<Integer> received = new ArrayList<>();
    CountDownLatch closed = new CountDownLatch(1);
    SocketTransport one = network.transport(1, at1);
    two.set(network.transport(2, new Transport.Receiver() {
      @Override
      public void received(int peer, ByteBuffer frame) {
        received.add(frame.getInt(4));
        two.get().close();
        closed.countDown();
      }

      @Override
      public void lost(int peer, String why) {
        received.add(-1);
      }
    }));

    for (int i = 0; i < 100; i++) {
      one.send(2, frame(1, i));
    }

    assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(at1.loss(2)).isNotEmpty();
    assertThat(received).containsExactly(0);
  }
}
