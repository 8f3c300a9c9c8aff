package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.TaskFailedException;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.WithManta;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an await of another call's ref gives, wherever the ref came from, and callbacks on refs. */
@ExtendWith(WithManta.class)
class AwaitedRefsTest {

  /** A6: an awaited result is the same for 8 bytes and 200 KiB, complete before or not. */
  @ParameterizedTest
  @CsvSource({"8,true", "8,false", "204800,true", "204800,false"})
  void await_returnsResultsOfEverySize(int bytes, boolean completeBefore, Manta manta) {
    ActorRef<Reader> reader = manta.actor(Reader::new);
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<byte[]> result = manta.submit(() -> payload(gate, bytes));
    Carrier<byte[]> carrier = new Carrier<>(result);

    ObjectRef<Integer> sum = read(reader, gate, carrier, completeBefore);

    assertThat(sum.get()).isEqualTo(bytes);
  }

  /** A6: the application's error is thrown at the await point, whatever its size. */
  @ParameterizedTest
  @CsvSource({"8,true", "8,false", "204800,true", "204800,false"})
  void await_throwsTheApplicationsErrorThere(int bytes, boolean completeBefore, Manta manta) {
    ActorRef<Reader> reader = manta.actor(Reader::new);
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<byte[]> failing =
        manta.submit(
            () -> {
              throw new Rejected(payload(gate, bytes));
            });
    Carrier<byte[]> carrier = new Carrier<>(failing);

    ObjectRef<Integer> sum = read(reader, gate, carrier, completeBefore);

    // the reader caught it where it awaited, and returned what it carries
    assertThat(sum.get()).isEqualTo(-bytes);
  }

  /** A6: an error that nobody catches at the await point fails the awaiting call, traceably. */
  @Test
  void await_uncaughtError_failsTheCallWithBothInTheChain(Manta manta) {
    ActorRef<Reader> reader = manta.actor(Reader::new);

    ObjectRef<Integer> outer =
        reader.call(
            r -> {
              ObjectRef<Integer> inner =
                  Manta.current()
                      .submit(
                          () -> {
                            throw new IllegalStateException("inner");
                          });
              return inner.get();
            });

    assertThatThrownBy(outer::get)
        .isInstanceOf(TaskFailedException.class)
        .hasCauseInstanceOf(TaskFailedException.class)
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("inner");
  }

  /** A7: a ref inside a value stays a ref, pending or not, and is awaited like one passed alone. */
  @ParameterizedTest
  @ValueSource(strings = {"list", "record", "optional", "nested"})
  void refInsideAValue_isAwaitedLikeOneAlone(String kind, Manta manta) {
    ActorRef<Reader> reader = manta.actor(Reader::new);
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Integer> pending =
        manta.submit(
            () -> {
              Gate.pass(gate);
              return 7;
            });
    Object value =
        switch (kind) {
          case "list" -> List.of(pending);
          case "record" -> new Carrier<>(pending);
          case "optional" -> Optional.of(pending);
          default -> new Carrier<>(manta.put(List.of(new Carrier<>(pending))));
        };

    ObjectRef<Integer> seen = reader.call(r -> r.unwrap(value));

    Gate.awaitReached(gate);
    reader.call(Reader::unwrapStarted).get();
    assertThat(seen.isDone()).isFalse();
    Gate.open(gate);
    assertThat(seen.get()).isEqualTo(7);
  }

  /** A7's counterpart: a ref passed alone is a dependency, complete when the call starts. */
  @Test
  void refPassedAlone_isCompleteWhenTheCallStarts(Manta manta) {
    ActorRef<Reader> reader = manta.actor(Reader::new);
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Boolean> passed = gate.call(Gate::pass);

    ObjectRef<Boolean> doneAtStart = reader.call(r -> passed.isDone());

    assertThat(doneAtStart.isDone()).isFalse();
    Gate.open(gate);
    assertThat(doneAtStart.get()).isTrue();
  }

  /** A9: a callback on a complete ref fires; with the value, or with the error itself. */
  @Test
  void callback_onACompleteRef_fires(Manta manta) {
    ObjectRef<Integer> value = manta.put(1);
    ObjectRef<Integer> error =
        manta.submit(
            () -> {
              throw new IllegalStateException("no");
            });
    assertThatThrownBy(error::get).isInstanceOf(TaskFailedException.class);

    CompletionStage<String> seen =
        value.thenCombine(
            error.handle((none, e) -> e.getClass().getSimpleName()), (one, name) -> one + name);

    assertThat(Manta.await(seen)).isEqualTo("1TaskFailedException");
  }

  /** A9: a callback on a pending ref fires once it is complete, and not before. */
  @Test
  void callback_onAPendingRef_firesAfterCompletion(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Boolean> passed = gate.call(Gate::pass);

    var seen = passed.thenApply(value -> passed.isDone()).toCompletableFuture();

    Gate.awaitReached(gate);
    assertThat(seen).isNotDone();
    Gate.open(gate);
    assertThat(Manta.await(seen)).isTrue();
  }

  /** A9: likewise for a callback that a call registers, which runs in a turn of its actor. */
  @Test
  void callback_registeredInACall_firesAfterCompletion(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Reader> reader = manta.actor(Reader::new);
    reader.run(r -> r.watch(gate.call(Gate::pass))).get();
    Gate.awaitReached(gate);
    assertThat(reader.call(r -> r.events).get()).isEqualTo("registered;");

    Gate.open(gate);

    assertThat(reader.call(Reader::watched).get()).isEqualTo("registered;fired true;");
  }

  private static ObjectRef<Integer> read(
      ActorRef<Reader> reader, ActorRef<Gate> gate, Carrier<byte[]> carrier, boolean before) {
    if (before) {
      Gate.open(gate);
      assertThat(carrier.ref.handle((value, e) -> true).toCompletableFuture().join()).isTrue();
      return reader.call(r -> r.read(carrier));
    }
    Gate.awaitReached(gate);
    ObjectRef<Integer> sum = reader.call(r -> r.read(carrier));
    reader.call(Reader::readStarted).get();
    assertThat(sum.isDone()).isFalse();
    Gate.open(gate);
    return sum;
  }

  private static byte[] payload(ActorRef<Gate> gate, int bytes) {
    Gate.pass(gate);
    byte[] payload = new byte[bytes];
    Arrays.fill(payload, (byte) 1);
    return payload;
  }

  /** A value with a ref in it. */
  record Carrier<T>(ObjectRef<T> ref) {}

  /** The application's own error, with data. */
  static final class Rejected extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final byte[] payload;

    Rejected(byte[] payload) {
      super("rejected");
      this.payload = payload;
    }
  }

  /** Awaits what it is given. */
  static final class Reader {
    private final CompletableFuture<Boolean> reading =
        new CompletableFuture<>();
    private final CompletableFuture<Boolean> unwrapping =
        new CompletableFuture<>();
    private final CompletableFuture<Boolean> fired =
        new CompletableFuture<>();
    String events = "";

    int read(Carrier<byte[]> carrier) {
      reading.complete(true);
      try {
        return sum(carrier.ref.get());
      } catch (TaskFailedException e) {
        return -sum(((Rejected) e.getCause()).payload);
      }
    }

    boolean readStarted() {
      return Manta.await(reading);
    }

    int unwrap(Object value) {
      unwrapping.complete(true);
      return switch (value) {
        case Integer number -> number;
        case List<?> list -> unwrap(list.getFirst());
        case Optional<?> optional -> unwrap(optional.get());
        case Carrier<?>(var ref) -> unwrap(ref.get());
        case ObjectRef<?> ref -> unwrap(ref.get());
        default -> throw new AssertionError(value);
      };
    }

    boolean unwrapStarted() {
      return Manta.await(unwrapping);
    }

    void watch(ObjectRef<Boolean> ref) {
      var _ =
          ref.thenAccept(
              value -> {
                events += "fired " + ref.isDone() + ";";
                fired.complete(true);
              });
      events += "registered;";
    }

    String watched() {
      Manta.await(fired);
      return events;
    }

    private static int sum(byte[] bytes) {
      int sum = 0;
      for (byte b : bytes) {
        sum += b;
      }
      return sum;
    }
  }
}
