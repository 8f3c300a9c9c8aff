package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Emitter;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.TaskFailedException;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.Journal;
import dev.manta.behaviours.support.WithManta;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Streams of an actor: order, end, errors, cancellation and memory. */
@ExtendWith(WithManta.class)
class StreamsTest {
  /** Makes streams. */
  static final class Source {
    void numbers(int count, Emitter<Integer> out) {
      for (int i = 0; i < count; i++) {
        out.emit(i);
      }
    }

    /** Emits two numbers and fails. */
    void failing(int before, Emitter<Integer> out) {
      numbers(before, out);
      throw new IllegalStateException("broken at " + before);
    }

    /** Emits some numbers, waits at the gate, and says in the journal when it has ended. */
    void gated(
        int before, ActorRef<Gate> gate, ActorRef<Journal> journal, Emitter<Integer> out) {
      try {
        numbers(before, out);
        Gate.pass(gate);
        numbers(before, out);
      } finally {
        journal.run(j -> j.add("cleaned up"));
      }
    }
  }

  /** Re-emits what it reads from the one before it, or makes the elements where it is the first. */
  static final class Relay {
    private final ActorRef<Relay> upstream;

    Relay(ActorRef<Relay> upstream) {
      this.upstream = upstream;
    }

    void relay(int count, int bytes, Emitter<byte[]> out) {
      if (upstream == null) {
        for (int i = 0; i < count; i++) {
          byte[] element = new byte[bytes];
          element[bytes - 1] = (byte) i;
          out.emit(element);
        }
        return;
      }
      try (ObjectStream<byte[]> in = upstream.stream((r, o) -> r.relay(count, bytes, o))) {
        in.forEach(out::emit);
      }
    }
  }

  /** S1. */
  @Test
  void elements_arriveInOrder_thenTheEndWhichIsSticky(Manta manta) {
    ActorRef<Source> source = manta.actor(Source::new);
    Iterator<Integer> elements = source.<Integer>stream((s, out) -> s.numbers(5, out)).iterator();
    List<Integer> read = new ArrayList<>();

    elements.forEachRemaining(read::add);

    assertThat(read).containsExactly(0, 1, 2, 3, 4);
    for (int i = 0; i < 10; i++) {
      assertThat(elements.hasNext()).isFalse();
      assertThatThrownBy(elements::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  /** S2. */
  @Test
  void producerThatFailsAtTheThird_givesTwoValuesThenTheErrorThenTheEnd(Manta manta) {
    ActorRef<Source> source = manta.actor(Source::new);
    Iterator<Integer> elements = source.<Integer>stream((s, out) -> s.failing(2, out)).iterator();
    List<Integer> read = List.of(elements.next(), elements.next());

    TaskFailedException error = catchThrowableOfType(TaskFailedException.class, elements::next);

    assertThat(read).containsExactly(0, 1);
    assertThat(error)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("broken at 2");
    assertEnded(elements);
  }

  /** S3. */
  @Test
  void actorThatDiesInMidStream_givesTheReasonThenTheEnd(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Source> source = manta.actor(Source::new);
    Iterator<Integer> elements =
        source.<Integer>stream((s, out) -> s.gated(1, gate, journal, out)).iterator();
    assertThat(elements.next()).isZero();
    Gate.awaitReached(gate);

    manta.kill(source);

    MantaException error = catchThrowableOfType(MantaException.class, elements::next);
    assertThat(error).isInstanceOf(OutcomeUnknownException.class);
    assertThat(error.reason()).isEqualTo(Reason.ACTOR_DIED);
    assertEnded(elements);
  }

  /** S4. */
  @Test
  void cancelInMidStream_givesCancelledThenTheEnd_andTheProducerCleansUp(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Source> source = manta.actor(Source::new);
    ObjectStream<Integer> stream = source.stream((s, out) -> s.gated(1, gate, journal, out));
    Iterator<Integer> elements = stream.iterator();
    assertThat(elements.next()).isZero();
    Gate.awaitReached(gate);

    boolean cancelled = stream.cancel();

    assertThat(cancelled).isTrue();
    MantaException error = catchThrowableOfType(MantaException.class, elements::next);
    assertThat(error.reason()).isEqualTo(Reason.CANCELLED);
    assertEnded(elements);
    Eventually.until("clean-up", () -> Journal.lines(journal).equals(List.of("cleaned up")));
    assertThat(stream.cancel()).isFalse();
  }

  /** S5. */
  @Test
  void element_isThereBeforeTheProducerEnds_andIsFreedWhileTheStreamRuns(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Source> source = manta.actor(Source::new);
    Iterator<ObjectRef<String>> refs =
        source
            .<String>stream(
                (s, out) -> {
                  out.emit("x".repeat(1000));
                  Gate.pass(gate);
                  out.emit("last");
                })
            .refs()
            .iterator();

    WeakReference<String> first = new WeakReference<>(valueOf(refs.next(), 1000));

    Eventually.until(
        "the dropped element is collected",
        () -> {
          System.gc();
          return first.get() == null;
        });
    Gate.awaitReached(gate);
    assertThat(gate.call(Gate::waiting).get()).isEqualTo(1);
    Gate.open(gate);
    assertThat(refs.next().get()).isEqualTo("last");
  }

  /** A string is shared, not copied, so it is the very object that the stream held. */
  private static String valueOf(ObjectRef<String> ref, int length) {
    assertThat(ref.isDone()).isTrue();
    assertThat(ref.get()).hasSize(length);
    return ref.get();
  }

  /** S6. */
  @Test
  void fourActorsInAChain_reEmitLargeElements(Manta manta) {
    int bytes = 40 << 20;
    ActorRef<Relay> last = null;
    for (int i = 0; i < 4; i++) {
      ActorRef<Relay> upstream = last;
      last = manta.actor(ActorOptions.async().streamBuffer(1), () -> new Relay(upstream));
    }

    List<Integer> read = new ArrayList<>();
    for (byte[] element : last.<byte[]>stream((r, out) -> r.relay(10, bytes, out))) {
      assertThat(element.length).isEqualTo(bytes);
      read.add((int) element[bytes - 1]);
    }

    assertThat(read).isEqualTo(IntStream.range(0, 10).boxed().toList());
  }

  /** S8. */
  @Test
  void producerWhoseFirstStatementThrows_givesOneErrorThenTheEnd(Manta manta) {
    ActorRef<Source> source = manta.actor(Source::new);
    Iterator<Integer> elements = source.<Integer>stream((s, out) -> s.failing(0, out)).iterator();

    TaskFailedException error = catchThrowableOfType(TaskFailedException.class, elements::next);

    assertThat(error).hasRootCauseMessage("broken at 0");
    assertEnded(elements);
  }

  /** S1: read through once, by one consumer. */
  @Test
  void secondConsumer_isRefused(Manta manta) {
    ActorRef<Source> source = manta.actor(Source::new);
    ObjectStream<Integer> stream = source.stream((s, out) -> s.numbers(1, out));
    var _ = stream.iterator();

    assertThatThrownBy(stream::iterator).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(stream::refs).isInstanceOf(IllegalStateException.class);
  }

  /** Mutable elements are copies: what the producer does to one later is not seen (R10). */
  @Test
  void mutableElement_changedAfterEmit_isNotSeenChanged(Manta manta) {
    ActorRef<Source> source = manta.actor(Source::new);
    ObjectStream<List<String>> stream =
        source.stream(
            (s, out) -> {
              List<String> element = new ArrayList<>(List.of("as emitted"));
              out.emit(element);
              element.set(0, "changed");
            });

    List<String> read = stream.iterator().next();

    assertThat(read).containsExactly("as emitted");
  }

  private static void assertEnded(Iterator<?> elements) {
    for (int i = 0; i < 10; i++) {
      assertThat(elements.hasNext()).isFalse();
    }
  }
}
