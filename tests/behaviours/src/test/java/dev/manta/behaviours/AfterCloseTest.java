package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.Reason;
import dev.manta.RemoteQueue;
import dev.manta.behaviours.support.Errors;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.Journal;
import dev.manta.behaviours.support.OneProcess;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Misuse, "use after close": pending refs fail, nothing hangs. */
class AfterCloseTest {
  /** Works. */
  static final class Plain {
    int one() {
      return 1;
    }

    Plain() {}

    Plain(ActorRef<Gate> gate) {
      Gate.pass(gate);
    }
  }

  /** Closes itself in its turn. */
  static final class Closing implements AutoCloseable {
    static volatile boolean closed;

    int one() {
      return 1;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static void assertClosed(ThrowingCallable use) {
    assertThatThrownBy(use)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  /** It failed by the close; its code may have seen that of another call first. */
  private static void assertStopped(ObjectRef<?> ref) {
    assertThat(ref.isDone()).isTrue();
    Throwable root = Errors.of(ref, MantaException.class);
    while (root.getCause() != null) {
      root = root.getCause();
    }
    assertThat(root).isInstanceOf(MantaException.class);
    assertThat(((MantaException) root).reason())
        .isIn(Reason.DRAINING, Reason.CANCELLED, Reason.ACTOR_DIED);
  }

  /** Every method says so. */
  @Test
  void useAfterClose_isRefused() {
    Manta manta = Manta.start();
    ActorRef<Plain> plain = manta.actor(Plain::new);
    ObjectRef<Integer> done = manta.put(1);
    manta.close();

    assertClosed(() -> manta.submit(() -> 1));
    assertClosed(() -> manta.run(() -> {}));
    assertClosed(() -> manta.submitAsync(() -> CompletableFuture.completedFuture(1)));
    assertClosed(() -> manta.stream(() -> Stream.of(1)));
    assertClosed(() -> manta.actor(Plain::new));
    assertClosed(() -> manta.getOrCreate(ActorOptions.named("x"), Plain::new));
    assertClosed(() -> manta.find("x", Plain.class));
    assertClosed(() -> manta.put(1));
    assertClosed(() -> plain.call(Plain::one));
    assertClosed(() -> plain.run(p -> p.one()));
    assertClosed(() -> plain.callWhenRoom(Plain::one));
    assertClosed(() -> plain.offer(Plain::one));
    assertClosed(() -> plain.stream(p -> Stream.of(1)));
    assertClosed(() -> RemoteQueue.create(manta, 1));
    assertThat(done.get()).isEqualTo(1);
    assertThat(manta.getAll(List.of(done))).containsExactly(1);
  }

  /** Twice does nothing. */
  @Test
  void closeTwice_doesNothing() {
    Manta manta = Manta.start();
    manta.close();

    manta.close();
    manta.close(Duration.ZERO);

    assertClosed(() -> manta.put(1));
  }

  /** After it returns every ref is complete. */
  @Test
  void close_failsWhatIsPending() {
    Manta manta = Manta.start(LocalOptions.local().cpus(1));
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Journal> serial = manta.actor(ActorOptions.serial(), Journal::new);
    ObjectRef<Boolean> call = gate.call(Gate::pass);
    ObjectRef<Boolean> task = manta.submit(() -> gate.call(Gate::pass).get());
    ObjectRef<Boolean> started = serial.call(j -> gate.call(Gate::pass).get());
    ObjectRef<List<String>> queued = serial.call(Journal::lines);
    ObjectRef<Boolean> dependent = manta.submit(() -> call.get());
    Eventually.until("three wait", () -> gate.call(Gate::waiting).get() == 3);

    manta.close(Duration.ZERO);

    for (ObjectRef<?> ref : List.of(call, task, started, queued, dependent)) {
      assertStopped(ref);
    }
  }

  /** CONTRACT 12: close drains: what ends within the time ends well. */
  @Test
  void close_letsPendingCallsEnd() {
    Manta manta = Manta.start();
    ActorRef<Plain> plain = manta.actor(Plain::new);
    List<ObjectRef<Integer>> refs =
        Stream.generate(() -> plain.call(Plain::one)).limit(1000).toList();

    manta.close();

    assertThat(refs).allMatch(ObjectRef::isDone).extracting(ObjectRef::get).containsOnly(1);
  }

  /** Threads that wait are let go. */
  @Test
  void close_wakesThoseWhoWait() throws InterruptedException {
    Manta manta = Manta.start();
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Plain> stuck = manta.actor(ActorOptions.async().maxPendingCalls(1),
        () -> new Plain(gate));
    ObjectRef<Integer> pending = stuck.call(Plain::one);
    Iterator<Integer> elements =
        stuckStream(manta, gate).iterator();
    CompletableFuture<Throwable> getter = new CompletableFuture<>();
    CompletableFuture<Throwable> parked = new CompletableFuture<>();
    CompletableFuture<Throwable> reader = new CompletableFuture<>();
    List<Thread> threads =
        List.of(
            waiting(getter, () -> pending.get()),
            waiting(parked, () -> stuck.call(Plain::one).get()),
            waiting(reader, () -> elements.next()));

    manta.close(Duration.ZERO);

    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(getter.join()).isInstanceOf(MantaException.class);
    assertThat(parked.join()).isInstanceOf(MantaException.class);
    assertThat(reader.join()).isInstanceOf(MantaException.class);
  }

  private static dev.manta.ObjectStream<Integer> stuckStream(Manta manta, ActorRef<Gate> gate) {
    return manta.<Integer>stream(out -> Gate.pass(gate));
  }

  private static Thread waiting(CompletableFuture<Throwable> thrown, ThrowingCallable wait) {
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    wait.call();
                    thrown.complete(null);
                  } catch (Throwable e) {
                    thrown.complete(e);
                  }
                });
    Eventually.until("it waits", () -> thread.getState() == Thread.State.WAITING);
    return thread;
  }

  /** DESIGN "Life": an actor that is AutoCloseable is closed in its turn. */
  @Test
  @Tag(OneProcess.ONLY) // a static field tells of it
  void close_closesActors() {
    Closing.closed = false;
    Manta manta = Manta.start();
    ActorRef<Closing> closing = manta.actor(Closing::new);
    assertThat(closing.call(Closing::one).get()).isEqualTo(1);

    manta.close();

    Eventually.until("closed", () -> Closing.closed);
  }

  /** A call that never looks is no reason to hang. */
  @Test
  void close_returnsThoughACallNeverEnds() {
    Manta manta = Manta.start();
    ActorRef<Journal> journal = manta.actor(Journal::new);
    ObjectRef<Integer> hanging =
        manta.submit(
            () -> {
              Journal.add(journal, "spins");
              while (!Manta.isCancelled()) {
                Thread.onSpinWait();
              }
              return 1;
            });
    Eventually.until("it spins", () -> !Journal.lines(journal).isEmpty());

    manta.close(Duration.ZERO);

    assertStopped(hanging);
  }

  /** Inside its own code, too: the Manta ends and so does the call. */
  @Test
  void closeInsideACall_doesNotHang() {
    Manta manta = Manta.start();
    ActorRef<Plain> plain = manta.actor(Plain::new);

    ObjectRef<Integer> ref =
        plain.call(
            p -> {
              Manta.current().close(Duration.ZERO);
              return 1;
            });

    assertThatThrownBy(ref::get).isInstanceOf(RuntimeException.class);
    assertClosed(() -> manta.put(1));
  }
}
