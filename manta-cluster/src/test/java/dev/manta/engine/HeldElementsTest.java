package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorRef;
import dev.manta.Emitter;
import dev.manta.Manta;
import dev.manta.ObjectStream;
import dev.manta.engine.wire.Frames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Elements of a stream of another process that are emitted quickly, and so are sent together: all but the
 * first, since time stands.
 */
class HeldElementsTest {
  private static final int AHEAD = 64;
  private static final int HELD_BYTES = 8 << 10;
  private static final int PAGE = 5_000;

  private static volatile CountDownLatch allRead;

  private final WireNetwork network = new WireNetwork();
  private final Engine driver = network.add(0, false);
  private ActorRef<Producer> producer;

  @BeforeEach
  void start() {
    allRead = new CountDownLatch(1);
    network.add(1, false).peers().join(4);
    producer = driver.actor(Producer::new);
    assertThat(producer.<Integer>call(p -> 7).get()).isEqualTo(7);
  }

  @AfterEach
  void close() {
    network.close();
  }

  /** Shared, and encoded when it is sent. */
  record Page(String text) {}

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

    void countAndYield(int elements, Emitter<Object> out) throws InterruptedException {
      count(elements, out);
      Manta.yield();
      countAndBlock(0, out);
    }

    void countAndBlock(int elements, Emitter<Object> out) throws InterruptedException {
      count(elements, out);
      if (!allRead.await(1, TimeUnit.MINUTES)) {
        throw new AssertionError("they were not read");
      }
    }

    void countAndEmitPage(int elements, int characters, Emitter<Object> out) {
      count(elements, out);
      out.emit(new Page("x".repeat(characters)));
      out.emit(elements);
    }

    void countAndEmitText(int elements, int characters, Emitter<Object> out) {
      count(elements, out);
      out.emit("x".repeat(characters));
      out.emit(elements);
    }

    void pages(int pages, Emitter<Object> out) {
      for (int i = 0; i < pages; i++) {
        out.emit("x".repeat(PAGE));
      }
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

  private List<byte[]> frames() {
    return network.sent.stream()
        .filter(s -> s.type() == Frames.ELEMENTS)
        .map(WireNetwork.Sent::bytes)
        .toList();
  }

  @Test
  void elementsThatAreEmittedQuickly_areSentTogether() {
    network.setTimers(false);

    try (ObjectStream<Object> stream = producer.stream((p, out) -> p.count(1_000, out))) {
      assertThat(first(1_000, stream))
          .isEqualTo(IntStream.range(0, 1_000).<Object>mapToObj(i -> i).toList());
      network.setTimers(true);
    }

    assertThat(frames()).hasSizeBetween(1_000 / AHEAD, 2 + 2 * 1_000 / AHEAD);
  }

  @Test
  void elementsAreSent_beforeTheirProducerWaits() {
    network.setTimers(false);

    try (ObjectStream<Object> stream = producer.stream((p, out) -> p.countAndWait(7, out))) {
      assertThat(first(7, stream)).containsExactly(0, 1, 2, 3, 4, 5, 6);
      network.setTimers(true);
    }

    assertThat(frames()).hasSize(2);
  }

  @Test
  void elementsAreSent_beforeTheirProducerYields() {
    network.setTimers(false);

    try (ObjectStream<Object> stream = producer.stream((p, out) -> p.countAndYield(7, out))) {
      assertThat(first(7, stream)).containsExactly(0, 1, 2, 3, 4, 5, 6);
      network.setTimers(true);
      allRead.countDown();
    }
  }

  @Test
  void elementsAreSent_whileTheirProducerBlocks() {
    try (ObjectStream<Object> stream = producer.stream((p, out) -> p.countAndBlock(7, out))) {
      assertThat(first(7, stream)).containsExactly(0, 1, 2, 3, 4, 5, 6);
      allRead.countDown();
    }
  }

  @Test
  void bytesThatAreHeldBack_areBounded() {
    network.setTimers(false);

    try (ObjectStream<Object> stream = producer.stream((p, out) -> p.pages(10, out))) {
      assertThat(first(10, stream)).hasSize(10);
      network.setTimers(true);
    }

    assertThat(frames()).hasSizeBetween(5, 9)
        .allSatisfy(frame -> assertThat(frame.length).isLessThan(HELD_BYTES + 2 * PAGE));
  }

  private void assertThreeAndThen(String error, ObjectStream<Object> elements) {
    try (ObjectStream<Object> stream = elements) {
      Iterator<Object> all = stream.iterator();
      assertThat(List.of(all.next(), all.next(), all.next())).containsExactly(0, 1, 2);
      assertThatThrownBy(all::next).hasStackTraceContaining(error);
      assertThat(all.hasNext()).isFalse();
    }
  }

  /** CONTRACT 1: they have come before it, and are read before it. */
  @Test
  void elementsBeforeOneThatCannotBeSent_areReadBeforeItsError() {
    network.setTimers(false);
    network.setFull(true);

    assertThreeAndThen(
        "there is no room", producer.stream((p, out) -> p.countAndEmitPage(3, 200_000, out)));

    network.setFull(false);
    assertThreeAndThen(
        "pass it in parts",
        producer.stream((p, out) -> p.countAndEmitText(3, Transport.MAX_FRAME_BYTES, out)));
    network.setTimers(true);
    assertThat(producer.<Integer>call(p -> 7).get()).isEqualTo(7);
    assertThat(network.drops).isEmpty();
  }
}
