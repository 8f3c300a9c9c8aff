package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorRef;
import dev.manta.Emitter;
import dev.manta.Manta;
import dev.manta.ObjectStream;
import dev.manta.TaskFailedException;
import dev.manta.engine.wire.Frames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Elements of a stream of another process that are emitted quickly, and so are sent together. */
class HeldElementsTest {
  private static final CountDownLatch ALL_READ = new CountDownLatch(1);

  private final WireNetwork network = new WireNetwork();
  private final Engine driver = network.withWorker();

  @AfterEach
  void close() {
    network.close();
  }

  /** An actor. */
  static final class Producer {
    void count(int elements, Emitter<Object> out) {
      for (int i = 0; i < elements; i++) {
        out.emit(i);
      }
    }

    void countAndWait(int elements, Emitter<Object> out) {
      count(elements, out);
      Manta.sleep(Duration.ofHours(1));
    }

    void countAndBlock(int elements, Emitter<Object> out) throws InterruptedException {
      count(elements, out);
      if (!ALL_READ.await(1, TimeUnit.MINUTES)) {
        throw new AssertionError("they were not read");
      }
    }

    void countAndEmit(int elements, Object last, Emitter<Object> out) {
      count(elements, out);
      out.emit(last);
    }
  }

  private static List<Object> first(int elements, ObjectStream<Object> stream) {
    List<Object> read = new ArrayList<>();
    Iterator<Object> all = stream.iterator();
    while (read.size() < elements) {
      read.add(all.next());
    }
    return read;
  }

  @Test
  void elementsThatAreEmittedQuickly_areSentTogether() throws Exception {
    ActorRef<Producer> producer = driver.actor(Producer::new);

    try (ObjectStream<Object> stream = producer.stream((p, out) -> p.count(1_000, out))) {
      assertThat(first(1_000, stream)).startsWith(0, 1, 2).endsWith(998, 999);
    }

    assertThat(network.sent.stream().filter(s -> s.type() == Frames.ELEMENTS).count())
        .isBetween(1_000L / 64, 500L);
  }

  @Test
  void elementsAreSent_beforeTheirProducerWaits() throws Exception {
    ActorRef<Producer> producer = driver.actor(Producer::new);
    network.stopTimers();

    try (ObjectStream<Object> stream = producer.stream((p, out) -> p.countAndWait(7, out))) {
      assertThat(first(7, stream)).containsExactly(0, 1, 2, 3, 4, 5, 6);
    }
  }

  @Test
  void elementsAreSent_whileTheirProducerBlocks() throws Exception {
    ActorRef<Producer> producer = driver.actor(Producer::new);

    try (ObjectStream<Object> stream = producer.stream((p, out) -> p.countAndBlock(7, out))) {
      assertThat(first(7, stream)).containsExactly(0, 1, 2, 3, 4, 5, 6);
      ALL_READ.countDown();
    }
  }

  /** CONTRACT 1: they have come before it, and are read before it. */
  @Test
  void elementsBeforeOneThatCannotBeSent_areReadBeforeItsError() throws Exception {
    ActorRef<Producer> producer = driver.actor(Producer::new);

    try (ObjectStream<Object> stream =
        producer.stream((p, out) -> p.countAndEmit(3, new byte[200_000], out))) {
      network.setFull(true);
      Iterator<Object> all = stream.iterator();
      assertThat(List.of(all.next(), all.next(), all.next())).containsExactly(0, 1, 2);
      assertThatThrownBy(all::next).isInstanceOf(TaskFailedException.class);
      assertThat(all.hasNext()).isFalse();
    }
    network.setFull(false);
    assertThat(producer.call(p -> 7).get()).isEqualTo(7);
  }
}
