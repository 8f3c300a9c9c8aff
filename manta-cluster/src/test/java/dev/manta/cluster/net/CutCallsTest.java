package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.engine.Engine;
import dev.manta.engine.Peers;
import dev.manta.engine.Transport;
import dev.manta.runtime.EmbeddedHost;
import dev.manta.runtime.codec.KryoCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** CONTRACT 1 to 4, while connections break between two processes that live: nobody notices. */
class CutCallsTest extends NetworkTest {
  private static final int DRIVER = 0;
  private static final int WORKER = 1;
  private static final int CUTS = 60;
  private static final int MOST_BYTES = 60_000;

  private final List<String> losses = new CopyOnWriteArrayList<>();
  private Relay toDriver;
  private Relay toWorker;
  private Engine driver;
  private Engine worker;

  /** Counts how often it is called. */
  static final class Counter {
    private int calls;

    /** How many calls came before, in the worker. */
    int next(byte[] load) {
      assertThat(Manta.current().process()).isEqualTo(WORKER);
      assertThat(Manta.attempt()).isEqualTo(1);
      return load.length < 0 ? -1 : calls++;
    }
  }

  @BeforeEach
  void open() throws Exception {
    network.sockets(); // makes the directory of the relays
    toDriver = network.relay(DRIVER, 11);
    toWorker = network.relay(WORKER, 12);
    driver = engine(DRIVER, toWorker);
    worker = engine(WORKER, toDriver);
  }

  private Engine engine(int number, Relay toOther) throws Exception {
    ClassLoader loader = CutCallsTest.class.getClassLoader();
    Engine engine =
        new Engine(
            new EmbeddedHost(), new KryoCodec(loader), LocalOptions.local().cpus(2));
    Peers peers = engine.distribute(number, loader);
    SocketTransport transport =
        network.transport(
            number, toOther.sockets(network.sockets()), Network.SECRET, new Transport.Receiver() {
              @Override
              public void received(int peer, ByteBuffer frame) {
                peers.received(peer, frame);
              }

              @Override
              public void lost(int peer, String why) {
                losses.add(number + " lost " + peer + ": " + why);
                peers.lost(peer, why);
              }
            });
    peers.connect(transport);
    if (number == WORKER) {
      peers.join(2);
    }
    return engine;
  }

  @AfterEach
  void close() throws Exception {
    driver.closeHere(Duration.ZERO);
    worker.closeHere(Duration.ZERO);
  }

  /** No call is retried, and each has its own answer. */
  @Test
  void eachCall_isRunOnceInItsOrder_andEndsWithItsAnswer() {
    ActorRef<Counter> counter = driver.actor(Counter::new);
    assertThat(counter.call(c -> c.next(new byte[0])).get()).isZero();
    toDriver.cutNext(CUTS, MOST_BYTES);
    toWorker.cutNext(CUTS, MOST_BYTES);

    ArrayDeque<ObjectRef<Integer>> out = new ArrayDeque<>();
    int answered = 1;
    for (int i = 1; answered < 200_000 && (i < 20_000 || fewCuts()); i++) {
      byte[] load = new byte[i % 100 == 0 ? 6_000 : i % 200];
      out.add(counter.call(c -> c.next(load)));
      if (out.size() >= (i % 1_000 < 100 ? 1 : 200)) { // alone, and many at once
        assertThat(out.remove().get(Duration.ofSeconds(30))).isEqualTo(answered++);
      }
    }
    while (!out.isEmpty()) {
      assertThat(out.remove().get(Duration.ofSeconds(30))).isEqualTo(answered++);
    }

    assertThat(counter.call(c -> c.next(new byte[0])).get()).isEqualTo(answered);
    assertThat(fewCuts()).isFalse();
    assertThat(losses).isEmpty();
  }

  private boolean fewCuts() {
    return toDriver.cuts() < CUTS / 4 || toWorker.cuts() < CUTS / 4;
  }
}
