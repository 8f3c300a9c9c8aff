package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Emitter;
import dev.manta.Manta;
import dev.manta.ObjectStream;
import dev.manta.behaviours.support.Collector;
import dev.manta.behaviours.support.WithManta;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of producer read by each kind of consumer. */
class StreamCombinationsTest {
  @RegisterExtension
  static final WithManta MANTA = WithManta.forManyTests();

  private static final int COUNT = 200;
  private static final List<Integer> NUMBERS = IntStream.range(0, COUNT).boxed().toList();

  /** An actor that produces in every way there is. */
  static final class Source {
    Stream<Integer> stream() {
      return NUMBERS.stream();
    }

    Iterator<Integer> iterator() {
      return NUMBERS.iterator();
    }

    Flow.Publisher<Integer> publisher() {
      return numbers();
    }

    void emit(Emitter<Integer> out) {
      for (int i : NUMBERS) {
        out.emit(i);
        Manta.yield();
      }
    }
  }

  /** Publishes the numbers to its first subscriber. */
  private static Flow.Publisher<Integer> numbers() {
    return subscriber -> {
      SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>();
      publisher.subscribe(subscriber);
      Thread.startVirtualThread(
          () -> {
            NUMBERS.forEach(publisher::submit);
            publisher.close();
          });
    };
  }

  /** Who produces. */
  enum Producer {
    TASK,
    ASYNC_ACTOR,
    SERIAL_ACTOR,
    THREADED_ACTOR;

    private ActorOptions options() {
      return switch (this) {
        case TASK, ASYNC_ACTOR -> ActorOptions.async();
        case SERIAL_ACTOR -> ActorOptions.serial();
        case THREADED_ACTOR -> ActorOptions.threaded(2);
      };
    }
  }

  /** From what it produces. */
  enum Way {
    STREAM,
    ITERATOR,
    PUBLISHER,
    EMITTER;

    ObjectStream<Integer> open(Producer producer) {
      Manta manta = Manta.current();
      if (producer == Producer.TASK) {
        return switch (this) {
          case STREAM -> manta.stream(() -> NUMBERS.stream());
          case ITERATOR -> manta.streamIterator(() -> NUMBERS.iterator());
          case PUBLISHER -> manta.streamPublisher(() -> numbers());
          case EMITTER -> manta.stream(out -> NUMBERS.forEach(out::emit));
        };
      }
      ActorRef<Source> source = manta.actor(producer.options(), Source::new);
      return switch (this) {
        case STREAM -> source.stream(s -> s.stream());
        case ITERATOR -> source.streamIterator(s -> s.iterator());
        case PUBLISHER -> source.streamPublisher(s -> s.publisher());
        case EMITTER -> source.stream((s, out) -> s.emit(out));
      };
    }
  }

  /** Who consumes. */
  enum Consumer {
    TASK,
    ASYNC_ACTOR,
    SERIAL_ACTOR,
    THREADED_ACTOR;

    /** Opens the stream there and reads it with a loop. */
    List<Integer> loop(Manta manta, Producer producer, Way way) {
      return switch (this) {
        case TASK -> manta.<List<Integer>>submit(() -> Sink.loop(way.open(producer))).get();
        case ASYNC_ACTOR -> looped(manta, ActorOptions.async(), producer, way);
        case SERIAL_ACTOR -> looped(manta, ActorOptions.serial(), producer, way);
        case THREADED_ACTOR -> looped(manta, ActorOptions.threaded(2), producer, way);
      };
    }

    private static List<Integer> looped(
        Manta manta, ActorOptions options, Producer producer, Way way) {
      ActorRef<Sink> sink = manta.actor(options, Sink::new);
      return sink.<List<Integer>>call(s -> Sink.loop(way.open(producer))).get();
    }

    /** Opens the stream there and subscribes to it. */
    List<Integer> subscribe(Manta manta, Producer producer, Way way) {
      return switch (this) {
        case TASK ->
            manta.<List<Integer>>submitAsync(() -> Sink.subscribe(way.open(producer))).get();
        case ASYNC_ACTOR -> subscribed(manta, ActorOptions.async(), producer, way);
        case SERIAL_ACTOR -> subscribed(manta, ActorOptions.serial(), producer, way);
        case THREADED_ACTOR -> subscribed(manta, ActorOptions.threaded(2), producer, way);
      };
    }

    private static List<Integer> subscribed(
        Manta manta, ActorOptions options, Producer producer, Way way) {
      ActorRef<Sink> sink = manta.actor(options, Sink::new);
      return sink.<List<Integer>>callAsync(s -> Sink.subscribe(way.open(producer))).get();
    }
  }

  /** Reads a stream. */
  static final class Sink {
    static List<Integer> loop(ObjectStream<Integer> stream) {
      List<Integer> read = new ArrayList<>();
      for (int element : stream) {
        read.add(element);
      }
      return read;
    }

    static CompletionStage<List<Integer>> subscribe(ObjectStream<Integer> stream) {
      Collector<Integer> collector = new Collector<>();
      stream.subscribe(collector);
      return collector.all();
    }
  }

  static Stream<Arguments> combinations() {
    return Stream.of(Producer.values())
        .flatMap(
            p -> Stream.of(Way.values())
                .flatMap(
                    w -> Stream.of(Consumer.values()).map(c -> Arguments.of(p, w, c))));
  }

  /** S7. */
  @ParameterizedTest
  @MethodSource("combinations")
  void producer_isReadByALoopAnywhere(
      Producer producer, Way way, Consumer consumer, Manta manta) {
    List<Integer> read = consumer.loop(manta, producer, way);

    assertThat(read).isEqualTo(NUMBERS);
  }

  /** S7. */
  @ParameterizedTest
  @MethodSource("combinations")
  void producer_isReadByASubscriberAnywhere(
      Producer producer, Way way, Consumer consumer, Manta manta) {
    List<Integer> read = consumer.subscribe(manta, producer, way);

    assertThat(read).isEqualTo(NUMBERS);
  }

  /** S7: a plain virtual thread outside of tasks and actors. */
  @ParameterizedTest
  @EnumSource(Producer.class)
  void producer_isReadByAPlainVirtualThread(Producer producer, Manta manta)
      throws InterruptedException {
    ActorRef<Source> source = manta.actor(producer.options(), Source::new);
    List<Integer> read = new ArrayList<>();

    Thread reader =
        Thread.startVirtualThread(
            () -> source.<Integer>stream((s, out) -> s.emit(out)).forEach(read::add));

    reader.join();
    assertThat(read).isEqualTo(NUMBERS);
  }
}
