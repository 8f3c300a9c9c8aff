package dev.manta.tck;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorRef;
import dev.manta.Emitter;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** S12: streams keep the rules of the reactive-streams TCK, however they are made. */
class TckTest {
  private static final Manta MANTA = Manta.start();
  private static final ActorRef<Counter> COUNTER = MANTA.actor(Counter::new);

  @AfterAll
  static void close() {
    MANTA.close();
  }

  /** S12: a stream that an actor's method returns. */
  @TestFactory
  Stream<DynamicTest> streamOfAnActor() {
    return Rules.on(
        new StreamVerification<>(
            n -> COUNTER.stream(c -> c.count(n)),
            () -> COUNTER.<Long>stream(c -> c.fail())));
  }

  /** S12: what an actor emits, with its await points. */
  @TestFactory
  Stream<DynamicTest> emitterOfAnActor() {
    return Rules.on(
        new StreamVerification<>(
            n -> COUNTER.stream((Counter c, Emitter<Long> out) -> c.emit(n, out)),
            () -> COUNTER.<Long>stream((c, out) -> c.fail())));
  }

  /** S12: what a task's iterator gives. */
  @TestFactory
  Stream<DynamicTest> iteratorOfATask() {
    return Rules.on(
        new StreamVerification<>(
            n -> MANTA.streamIterator(() -> Counter.iterator(n)),
            () -> MANTA.<Long>streamIterator(() -> new Counter().fail().iterator())));
  }

  /** S12: what a publisher publishes that a task returns, here another stream. */
  @TestFactory
  Stream<DynamicTest> publisherOfATask() {
    return Rules.on(
        new StreamVerification<>(
            n -> MANTA.streamPublisher(() -> nested(n)),
            () -> MANTA.<Long>streamPublisher(() -> failing())));
  }

  private static ObjectStream<Long> nested(long to) {
    return Manta.current().streamIterator(() -> Counter.iterator(to));
  }

  private static ObjectStream<Long> failing() {
    throw new IllegalStateException("fails at once");
  }

  /** S12: a stream as refs to its elements. */
  @TestFactory
  Stream<DynamicTest> refsOfAStream() {
    return Rules.on(
        new StreamVerification<ObjectRef<Long>>(
            n -> COUNTER.<Long>stream(c -> c.count(n)).refs(),
            () -> COUNTER.<Long>stream(c -> c.fail()).refs()));
  }

  /** Rule 1.9 for the second subscriber of a stream, which may have one: it is told by onError. */
  @Test
  void subscribe_aSecondTimeIsAnError() {
    ObjectStream<Long> stream = COUNTER.stream(c -> c.count(10));
    stream.subscribe(new Listener());
    Listener second = new Listener();

    stream.subscribe(second);

    assertThatThrownBy(second.ended::join)
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has a consumer already");
  }

  /** Asks for nothing and keeps the end. */
  private static final class Listener implements Subscriber<Long> {
    final CompletableFuture<Void> subscribed = new CompletableFuture<>();
    final CompletableFuture<Void> ended = new CompletableFuture<>();

    @Override
    public void onSubscribe(Subscription subscription) {
      subscribed.complete(null);
    }

    @Override
    public void onNext(Long element) {
      throw new AssertionError("not asked for: " + element);
    }

    @Override
    public void onError(Throwable error) {
      if (!subscribed.isDone()) {
        throw new AssertionError("onError before onSubscribe", error);
      }
      ended.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
      ended.complete(null);
    }
  }
}
