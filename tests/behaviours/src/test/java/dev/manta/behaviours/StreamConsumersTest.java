package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Emitter;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import dev.manta.behaviours.support.Collector;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.Journal;
import dev.manta.behaviours.support.WithManta;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a consumer does to its producer: by going away, by being slow, by being many. */
@ExtendWith(WithManta.class)
class StreamConsumersTest {
  /** A producer without an end. */
  static final class Endless {
    private int emitted;

    void run(ActorRef<Journal> journal, Emitter<Integer> out) {
      try {
        for (int i = 0;; i++) {
          out.emit(i);
        }
      } catch (CancellationException e) {
        journal.run(j -> j.add("told"));
        throw e;
      }
    }

    void numbers(int from, int count, Emitter<Integer> out) {
      for (int i = 0; i < count; i++) {
        out.emit(from + i);
        emitted++;
      }
    }

    int emitted() {
      return emitted;
    }
  }

  /** Reads one element of a stream and waits at a gate, holding the stream. */
  static final class Reader {
    void readOne(ActorRef<Endless> source, ActorRef<Journal> journal, ActorRef<Gate> gate) {
      Iterator<Integer> elements =
          source.<Integer>stream((s, out) -> s.run(journal, out)).iterator();
      elements.next();
      Gate.pass(gate);
      elements.next();
    }
  }

  /** S9: a loop that is left, closing its stream. */
  @Test
  void consumerThatStops_endsTheProducer(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Endless> source = manta.actor(Endless::new);

    try (ObjectStream<Integer> stream = source.stream((s, out) -> s.run(journal, out))) {
      assertThat(stream.iterator().next()).isZero();
    }

    assertToldAndIdle(manta, journal);
  }

  /** S9: a loop that is left without a word; its stream is dropped. */
  @Test
  void consumerThatForgetsItsStream_endsTheProducer(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Endless> source = manta.actor(Endless::new);

    readOneAndForget(source, journal);

    Eventually.until(
        "the producer is told",
        () -> {
          System.gc();
          return Journal.lines(journal).equals(List.of("told"));
        });
    assertToldAndIdle(manta, journal);
  }

  private static void readOneAndForget(ActorRef<Endless> source, ActorRef<Journal> journal) {
    for (int element : source.<Integer>stream((s, out) -> s.run(journal, out))) {
      assertThat(element).isZero();
      return;
    }
  }

  /** S9: a subscriber that cancels. */
  @Test
  void subscriberThatCancels_endsTheProducer(Manta manta) throws Exception {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Endless> source = manta.actor(Endless::new);
    Collector<Integer> collector = new Collector<>(3);

    source.<Integer>stream((s, out) -> s.run(journal, out)).subscribe(collector);

    assertThat(collector.all().get()).containsExactly(0, 1, 2);
    assertToldAndIdle(manta, journal);
  }

  /** S9: a subscriber that throws. */
  @Test
  void subscriberThatThrows_endsTheProducer(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Endless> source = manta.actor(Endless::new);

    source.<Integer>stream((s, out) -> s.run(journal, out)).subscribe(new Throwing());

    assertToldAndIdle(manta, journal);
  }

  /** Throws at its first element. */
  private static final class Throwing implements Flow.Subscriber<Integer> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(10);
    }

    @Override
    public void onNext(Integer element) {
      throw new IllegalStateException("thrown on purpose by a subscriber");
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onComplete() {}
  }

  /** S9: a call that consumes and throws. */
  @Test
  void consumingCallThatThrows_endsTheProducer(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Endless> source = manta.actor(Endless::new);
    ActorRef<Reader> reader = manta.actor(Reader::new);

    ObjectRef<Void> reading =
        reader.run(
            r -> {
              try (ObjectStream<Integer> stream = source.stream((s, out) -> s.run(journal, out))) {
                stream.iterator().next();
                throw new IllegalArgumentException("thrown on purpose by a consumer");
              }
            });

    assertThatThrownBy(reading::get).hasRootCauseMessage("thrown on purpose by a consumer");
    assertToldAndIdle(manta, journal);
  }

  /** S9: an actor that consumes and is killed. */
  @Test
  void consumingActorThatDies_endsTheProducer(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Endless> source = manta.actor(Endless::new);
    ActorRef<Reader> reader = manta.actor(Reader::new);
    ObjectRef<Void> reading = reader.run(r -> r.readOne(source, journal, gate));
    Gate.awaitReached(gate);

    manta.kill(reader);

    assertThatThrownBy(reading::get).isInstanceOf(dev.manta.OutcomeUnknownException.class);
    assertToldAndIdle(manta, journal);
  }

  /** S9, the same with a task that consumes and is cancelled. */
  @Test
  void consumingTaskThatIsCancelled_endsTheProducer(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Endless> source = manta.actor(Endless::new);
    ObjectRef<Void> reading = manta.run(() -> new Reader().readOne(source, journal, gate));
    Gate.awaitReached(gate);

    reading.cancel();

    assertToldAndIdle(manta, journal);
  }

  private static void assertToldAndIdle(Manta manta, ActorRef<Journal> journal) {
    Eventually.until(
        "the producer is told", () -> Journal.lines(journal).equals(List.of("told")));
    Eventually.until(
        "no call is left on the producer",
        () -> manta.stats()
            .actors()
            .stream()
            .filter(a -> a.actor().startsWith("Endless"))
            .allMatch(a -> a.pending() == 0));
  }

  /** S10. */
  @Test
  void tenStreamsOfOneActorWithDemandOne_giveTenConsumersTheirOwnElements(Manta manta)
      throws Exception {
    ActorRef<Endless> source = manta.actor(ActorOptions.async().streamBuffer(1), Endless::new);
    List<Collector<Integer>> consumers = new ArrayList<>();

    for (int i = 0; i < 10; i++) {
      int from = i * 1000;
      Collector<Integer> consumer = new Collector<>();
      source.<Integer>stream((s, out) -> s.numbers(from, 100, out)).subscribe(consumer);
      consumers.add(consumer);
    }

    for (int i = 0; i < 10; i++) {
      assertThat(consumers.get(i).all().get())
          .isEqualTo(IntStream.range(i * 1000, i * 1000 + 100).boxed().toList());
    }
  }

  /** S11: the cap over all streams, and plain calls beside it. */
  @Test
  void capOverAllStreams_isHeldByAFinishedUnreadStream_andPlainCallsRun(Manta manta) {
    ActorRef<Endless> source = manta.actor(ActorOptions.async().maxBuffered(4), Endless::new);
    ObjectStream<Integer> finished = source.stream((s, out) -> s.numbers(0, 4, out));
    ObjectStream<Integer> held = source.stream((s, out) -> s.numbers(100, 2, out));

    int emitted = source.call(Endless::emitted).get();

    assertThat(emitted).isEqualTo(4);
    assertThat(finished).containsExactly(0, 1, 2, 3);
    assertThat(held).containsExactly(100, 101);
    assertThat(source.call(Endless::emitted).get()).isEqualTo(6);
  }

  /** S11: slots come back when a stream is closed unread. */
  @Test
  void closedUnreadStream_givesItsSlotsBack(Manta manta) {
    ActorRef<Endless> source = manta.actor(ActorOptions.async().maxBuffered(4), Endless::new);
    ObjectStream<Integer> unread = source.stream((s, out) -> s.numbers(0, 4, out));
    ObjectStream<Integer> held = source.stream((s, out) -> s.numbers(100, 4, out));
    assertThat(source.call(Endless::emitted).get()).isEqualTo(4);

    unread.close();

    assertThat(held).containsExactly(100, 101, 102, 103);
  }

  /** S5, S11: the buffer of one stream bounds how far its producer runs ahead. */
  @Test
  void producer_runsAheadByItsBufferAndNoFurther(Manta manta) {
    ActorRef<Endless> source = manta.actor(ActorOptions.async().streamBuffer(3), Endless::new);
    ObjectStream<Integer> stream = source.stream((s, out) -> s.numbers(0, 100, out));

    int emitted = source.call(Endless::emitted).get();

    assertThat(emitted).isEqualTo(3);
    assertThat(stream).hasSize(100);
  }
}
