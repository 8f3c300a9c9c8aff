package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Emitter;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import dev.manta.Reason;
import dev.manta.TaskFailedException;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Journal;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.WithWorkers;
import dev.manta.processes.support.Workers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams whose producer and consumer are in different processes. */
class StreamsTest {
  @RegisterExtension
  static final WithWorkers WORKERS = WithWorkers.kept(2);

  private static final int BUFFER = 8;

  /** Emits, and says how many it has. */
  static final class Source {
    private int emitted;
    private boolean cleanedUp;

    long pid() {
      return ProcessHandle.current().pid();
    }

    void emit(int elements, Emitter<Integer> out) {
      try {
        for (int i = 0; i < elements; i++) {
          emitted++;
          out.emit(i);
        }
      } catch (CancellationException e) {
        cleanedUp = true;
        throw e;
      }
    }

    void emitLarge(int elements, int bytes, Emitter<byte[]> out) {
      for (int i = 0; i < elements; i++) {
        byte[] element = new byte[bytes];
        element[0] = (byte) i;
        element[bytes - 1] = (byte) i;
        out.emit(element);
      }
    }

    void failAt(int element, Emitter<Integer> out) {
      for (int i = 0; i < element; i++) {
        out.emit(i);
      }
      throw new IllegalStateException("element " + element);
    }

    int emitted() {
      return emitted;
    }

    boolean cleanedUp() {
      return cleanedUp;
    }
  }

  /** Emits what another emits. */
  static final class Relay {
    long pid() {
      return ProcessHandle.current().pid();
    }

    void relay(ActorRef<Source> source, int elements, int bytes, Emitter<byte[]> out) {
      for (byte[] element : source.<byte[]>stream((s, o) -> s.emitLarge(elements, bytes, o))) {
        out.emit(element);
      }
    }

    int sum(ActorRef<Source> source, int elements) {
      int sum = 0;
      for (int element : source.<Integer>stream((s, o) -> s.emit(elements, o))) {
        sum += element;
      }
      return sum;
    }

    boolean readOneAndHang(ActorRef<Source> source, ActorRef<Journal> journal) {
      Iterator<Integer> all = source.<Integer>stream((s, o) -> s.emit(1_000_000, o)).iterator();
      int first = all.next();
      Journal.add(journal, "read " + first);
      return Manta.await(new java.util.concurrent.CompletableFuture<>());
    }
  }

  private static List<Integer> all(Iterable<Integer> stream) {
    List<Integer> all = new ArrayList<>();
    stream.forEach(all::add);
    return all;
  }

  /** S1. */
  @Test
  void tenThousandElements_comeInOrder(Manta manta) {
    ActorRef<Source> source = manta.actor(Source::new);

    List<Integer> all = all(source.stream((s, out) -> s.emit(10_000, out)));

    assertThat(all).isEqualTo(IntStream.range(0, 10_000).boxed().toList());
  }

  /** S2. */
  @Test
  void errorComesAfterTheElementsBeforeIt(Manta manta) {
    ActorRef<Source> source = manta.actor(Source::new);
    Iterator<Integer> stream =
        source.<Integer>stream((s, out) -> s.failAt(2, out)).iterator();

    assertThat(stream.next()).isEqualTo(0);
    assertThat(stream.next()).isEqualTo(1);
    assertThat(catchThrowable(stream::next))
        .isInstanceOf(TaskFailedException.class)
        .hasRootCauseMessage("element 2");
    assertThat(stream.hasNext()).isFalse();
  }

  @Test
  void slowReader_holdsTheProducerBack(Manta manta) {
    ActorRef<Source> source =
        manta.actor(ActorOptions.async().streamBuffer(BUFFER), Source::new);
    Iterator<Integer> stream =
        source.<Integer>stream((s, out) -> s.emit(1_000, out)).iterator();
    for (int i = 0; i < 100; i++) {
      assertThat(stream.next()).isEqualTo(i);
      int emitted = Ends.intOf(source.call(Source::emitted));
      assertThat(emitted).isLessThanOrEqualTo(i + 1 + 3 * BUFFER);
    }
    stream.forEachRemaining(element -> {});

    assertThat(Ends.intOf(source.call(Source::emitted))).isEqualTo(1_000);
  }

  /** S4. */
  @Test
  void cancel_reachesTheProducer(Manta manta) {
    ActorRef<Source> source = manta.actor(Source::new);
    ObjectStream<Integer> stream = source.stream((s, out) -> s.emit(1_000_000, out));
    Iterator<Integer> elements = stream.iterator();
    assertThat(elements.next()).isEqualTo(0);

    assertThat(stream.cancel()).isTrue();

    assertThat(catchThrowable(() -> elements.forEachRemaining(element -> {})))
        .isInstanceOfSatisfying(
            MantaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CANCELLED));
    Limits.until("its clean-up", () -> Ends.value(source.call(Source::cleanedUp)));
  }

  /** S9. */
  @Test
  void readerDies_theProducerIsTold(Manta manta) {
    ActorRef<Source> source = manta.actor(Source::new);
    ActorRef<Relay> reader = manta.actor(Relay::new);
    long pid = Ends.value(reader.call(Relay::pid));
    assertThat(Ends.value(source.call(Source::pid))).isNotEqualTo(pid);
    ActorRef<Journal> journal = manta.actor(Journal::new);
    assertThat(Ends.value(journal.call(Journal::pid))).isNotEqualTo(pid);
    ObjectRef<Boolean> call = reader.call(r -> r.readOneAndHang(source, journal));
    Journal.await(journal, 1);

    Workers.kill(pid);

    Ends.error(call, MantaException.class, Reason.WORKER_DIED);
    Limits.until("its clean-up", () -> Ends.value(source.call(Source::cleanedUp)));
  }

  /** S7. */
  @Test
  void workerReadsTheStreamOfAnother(Manta manta) {
    ActorRef<Source> source = manta.actor(Source::new);
    ActorRef<Relay> reader = manta.actor(Relay::new);

    assertThat(Ends.intOf(reader.call(r -> r.sum(source, 1_000)))).isEqualTo(499_500);
  }

  /** S6, with smaller elements. */
  @Test
  void largeElements_throughAChain(Manta manta) {
    ActorRef<Source> source = manta.actor(ActorOptions.async().streamBuffer(2), Source::new);
    ActorRef<Relay> relay = manta.actor(ActorOptions.async().streamBuffer(2), Relay::new);
    int bytes = 4 << 20;

    int i = 0;
    for (byte[] element : relay.<byte[]>stream((r, out) -> r.relay(source, 10, bytes, out))) {
      assertThat(element).hasSize(bytes);
      assertThat(element[bytes - 1]).isEqualTo((byte) i);
      i++;
    }
    assertThat(i).isEqualTo(10);
  }

  /** S10. */
  @Test
  void tenStreamsOfOneActorAtOnce(Manta manta) {
    ActorRef<Source> source = manta.actor(Source::new);
    List<Iterator<Integer>> streams = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      streams.add(source.<Integer>stream((s, out) -> s.emit(200, out)).iterator());
    }

    for (int element = 0; element < 200; element++) {
      for (Iterator<Integer> stream : streams) {
        assertThat(stream.next()).isEqualTo(element);
      }
    }
    streams.forEach(s -> assertThat(s.hasNext()).isFalse());
  }

  @Test
  void streamOfATask_isReadByASubscriberWithDemand(Manta manta) throws Exception {
    ObjectStream<Integer> stream = manta.stream(() -> IntStream.range(0, 500).boxed());
    OneByOne reader = new OneByOne();
    stream.subscribe(reader);

    assertThat(reader.end.await(Limits.TOLERANCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(reader.seen).isEqualTo(IntStream.range(0, 500).boxed().toList());
  }

  /** Asks for one element at a time. */
  private static final class OneByOne implements Flow.Subscriber<Integer> {
    final List<Integer> seen = new ArrayList<>();
    final CountDownLatch end = new CountDownLatch(1);
    private Flow.@org.jspecify.annotations.Nullable Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription s) {
      subscription = s;
      s.request(1);
    }

    @Override
    public void onNext(Integer element) {
      seen.add(element);
      java.util.Objects.requireNonNull(subscription).request(1);
    }

    @Override
    public void onError(Throwable error) {
      end.countDown();
    }

    @Override
    public void onComplete() {
      end.countDown();
    }
  }
}
