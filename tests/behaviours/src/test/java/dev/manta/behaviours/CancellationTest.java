package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.Journal;
import dev.manta.behaviours.support.WithManta;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cancelling a call on an actor does to it and to its caller. */
@ExtendWith(WithManta.class)
class CancellationTest {

  /** C1: the clean-up code of a suspended call runs, and may make calls and wait for them. */
  @ParameterizedTest
  @EnumSource
  void suspendedCall_cleansUp(ActorOptions.Kind kind, Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Worker> worker = manta.actor(options(kind), Worker::new);
    ObjectRef<Boolean> call = worker.call(w -> w.passAndCleanUp(gate, journal));
    Gate.awaitReached(gate);

    boolean cancelled = call.cancel();

    assertThat(cancelled).isTrue();
    assertCancelled(call, OutcomeUnknownException.class);
    Eventually.until(
        "the clean-up has ended",
        () -> Journal.lines(journal).equals(List.of("CancellationException", "cleaned up")));
    assertThat(worker.call(Worker::ping).get()).isTrue();
  }

  /** C1: clean-up code that takes longer than its grace is thrown out of its wait. */
  @Test
  void cleanUpLongerThanItsGrace_isEnded() {
    try (Manta manta = Manta.start(WithManta.options().cancelGrace(Duration.ofMillis(20)))) {
      ActorRef<Gate> gate = Gate.closed(manta);
      ActorRef<Gate> never = Gate.closed(manta);
      ActorRef<Worker> worker = manta.actor(ActorOptions.serial(), Worker::new);
      ObjectRef<Boolean> call = worker.call(w -> w.passAndWaitIn(gate, never));
      Gate.awaitReached(gate);

      call.cancel();

      // the serial actor takes another call only after the code of this one has ended
      assertThat(worker.call(Worker::ping).get()).isTrue();
      Gate.open(gate);
      Gate.open(never);
    }
  }

  /** C2, CONTRACT 2: cancelled before its arguments are ready, it never runs. */
  @Test
  void argumentsNotReady_isNeverExecuted(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Worker> worker = manta.actor(Worker::new);
    ObjectRef<Boolean> argument = gate.call(Gate::pass);
    ObjectRef<Integer> cancelled = worker.call(w -> w.count(argument.get()));
    ObjectRef<Integer> kept = worker.call(w -> w.count(argument.get()));

    cancelled.cancel();

    assertCancelled(cancelled, NotExecutedException.class);
    Gate.open(gate);
    assertThat(kept.get()).isEqualTo(1);
    assertThat(worker.call(w -> w.count(true)).get()).isEqualTo(2);
  }

  /** C3: of one call inside and a hundred queued all are cancelled, and none of the queued runs. */
  @Test
  void queuedCalls_areNeverExecuted(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Worker> worker =
        manta.actor(ActorOptions.named("narrow").maxConcurrency(1), Worker::new);
    ObjectRef<Boolean> inside = worker.call(w -> gate.call(Gate::pass).get());
    Gate.awaitReached(gate);
    List<ObjectRef<Integer>> queued =
        IntStream.range(0, 100).mapToObj(i -> worker.call(w -> w.count(true))).toList();

    queued.forEach(ObjectRef::cancel);
    inside.cancel();

    assertCancelled(inside, OutcomeUnknownException.class);
    for (ObjectRef<Integer> call : queued) {
      assertCancelled(call, NotExecutedException.class)
          .hasMessageContaining("count")
          .hasMessageContaining("narrow");
    }
    assertThat(worker.call(w -> w.count(true)).get()).isEqualTo(1);
  }

  /** C4: cancelling a finished call changes nothing. */
  @Test
  void finishedCall_keepsItsResult(Manta manta) {
    ActorRef<Worker> worker = manta.actor(Worker::new);
    ObjectRef<Integer> call = worker.call(w -> w.count(true));
    call.get();

    boolean cancelled = call.cancel();

    assertThat(cancelled).isFalse();
    assertThat(call.get()).isEqualTo(1);
  }

  /** C5: a cancelled call is not run again by the actor's next life, retries or not. */
  @Test
  void actorDiesAfterTheCancel_isNotRunAgain(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Gate> cleaning = Gate.closed(manta);
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Worker> worker = manta.actor(ActorOptions.async().maxRestarts(5), Worker::new);
    ObjectRef<Boolean> call =
        worker
            .with(CallOptions.DEFAULT.retries(5))
            .call(
                w -> {
                  Journal.add(journal, "run");
                  return w.passAndWaitIn(gate, cleaning);
                });
    Gate.awaitReached(gate);
    call.cancel();
    Gate.awaitReached(cleaning);

    manta.killAndRestart(worker);

    Gate.open(cleaning);
    assertThat(worker.call(Worker::ping).get()).isTrue();
    assertCancelled(call, OutcomeUnknownException.class);
    assertThat(Journal.lines(journal)).containsExactly("run");
    Gate.open(gate);
  }

  /** C5: likewise for a call that had not started when it was cancelled. */
  @Test
  void actorDiesAfterTheCancelOfAQueuedCall_isNotRun(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Worker> worker =
        manta.actor(ActorOptions.async().maxConcurrency(1).maxRestarts(5), Worker::new);
    ObjectRef<Boolean> inside = worker.call(w -> gate.call(Gate::pass).get());
    ObjectRef<Void> queued =
        worker.with(CallOptions.DEFAULT.retries(5)).run(w -> Journal.add(journal, "run"));
    Gate.awaitReached(gate);
    queued.cancel();

    manta.killAndRestart(worker);

    assertThat(worker.call(Worker::ping).get()).isTrue();
    assertCancelled(queued, NotExecutedException.class);
    assertThatThrownBy(inside::get).isInstanceOf(OutcomeUnknownException.class);
    assertThat(Journal.lines(journal)).isEmpty();
    Gate.open(gate);
  }

  /** C6: a call that never waits sees the cancel; the value that it returns is not the result. */
  @ParameterizedTest
  @EnumSource
  void runningCall_seesIsCancelled(ActorOptions.Kind kind, Manta manta) {
    ActorRef<Gate> running = Gate.closed(manta);
    ActorRef<Worker> worker = manta.actor(options(kind), Worker::new);
    ObjectRef<Integer> call = worker.call(w -> w.spinUntilCancelled(running));
    Gate.pass(running);

    call.cancel();

    assertCancelled(call, OutcomeUnknownException.class);
    assertThat(worker.call(Worker::sawCancel).get()).isTrue();
  }

  /** CONTRACT 1, 10: cancels that race with completions: each call ends, and nothing stays. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void cancelsAgainstCompletions_leaveNothingBehind(long seed, Manta manta) {
    Random random = new Random(seed);
    ActorRef<Gate> gate =
        manta.actor(ActorOptions.async().maxConcurrency(10_000), Gate::new);
    ActorRef<Worker> worker =
        manta.actor(ActorOptions.named("worker").maxConcurrency(500), Worker::new);
    List<ObjectRef<Boolean>> calls =
        IntStream.range(0, 1_000)
            .mapToObj(i -> worker.call(w -> gate.call(Gate::pass).get()))
            .toList();
    Eventually.until("500 are inside", () -> gate.call(Gate::waiting).get() == 500);

    gate.run(Gate::open);
    calls.stream().filter(call -> random.nextBoolean()).forEach(ObjectRef::cancel);

    int ended = 0;
    for (ObjectRef<Boolean> call : calls) {
      try {
        ended += call.get() ? 1 : 0;
      } catch (MantaException e) {
        assertThat(e.reason()).as("seed " + seed).isEqualTo(Reason.CANCELLED);
        ended++;
      }
    }
    assertThat(ended).as("seed " + seed).isEqualTo(1_000);
    Eventually.until(
        "nothing pending or inside",
        () -> manta.stats()
            .actors()
            .stream()
            .filter(actor -> actor.actor().equals("worker"))
            .allMatch(actor -> actor.pending() == 0 && actor.started() == 0));
    assertThat(worker.call(Worker::ping).get()).isTrue();
  }

  /** CONTRACT 10: cancelling the copy of a ref asks for the cancellation of its call. */
  @Test
  void cancelledCopyOfTheRef_cancelsTheCall(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Worker> worker = manta.actor(Worker::new);
    ObjectRef<Boolean> call = worker.call(w -> gate.call(Gate::pass).get());
    Gate.awaitReached(gate);

    call.toCompletableFuture().cancel(true);

    assertCancelled(call, OutcomeUnknownException.class);
  }

  /** CONTRACT 10: a copy of the ref that travelled inside a value cancels the call as well. */
  @Test
  void cancelOfAPassedRef_cancelsTheCall(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Worker> worker = manta.actor(Worker::new);
    ObjectRef<Boolean> call = worker.call(w -> gate.call(Gate::pass).get());
    Gate.awaitReached(gate);
    List<ObjectRef<Boolean>> passed = List.of(call);

    boolean cancelled = manta.submit(() -> passed.getFirst().cancel()).get();

    assertThat(cancelled).isTrue();
    assertCancelled(call, OutcomeUnknownException.class);
  }

  /** C1: blocking code of a cancelled call is interrupted, and the call cleans up. */
  @Test
  void blockingCode_isInterrupted(Manta manta) {
    ActorRef<Gate> blocking = Gate.closed(manta);
    ActorRef<Gate> interrupted = Gate.closed(manta);
    ActorRef<Worker> worker = manta.actor(Worker::new);
    ObjectRef<Boolean> call = worker.call(w -> w.blockForEver(blocking, interrupted));
    Gate.pass(blocking);

    call.cancel();

    assertCancelled(call, OutcomeUnknownException.class);
    Gate.pass(interrupted);
    assertThat(worker.call(Worker::sawCancel).get()).isTrue();
  }

  /** C6: code that never waits sees the passing of its deadline likewise. */
  @Test
  void runningCallPastItsDeadline_seesIsCancelled(Manta manta) {
    ActorRef<Gate> running = Gate.closed(manta);
    ActorRef<Worker> worker = manta.actor(Worker::new);
    CallOptions soon = CallOptions.DEFAULT.deadline(Duration.ofMillis(20));

    ObjectRef<Integer> call = worker.with(soon).call(w -> w.spinUntilCancelled(running));

    assertThatThrownBy(call::get)
        .isInstanceOfSatisfying(
            MantaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DEADLINE));
    assertThat(worker.call(Worker::sawCancel).get()).isTrue();
  }

  /** CONTRACT 10: the deadline of a call cancels what it waits in, and says so. */
  @Test
  void deadline_endsASuspendedCall(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Worker> worker = manta.actor(Worker::new);
    CallOptions soon = CallOptions.DEFAULT.deadline(Duration.ofMillis(20));

    ObjectRef<Boolean> call =
        worker.with(soon).call(w -> w.passAndCleanUp(gate, journal));

    assertThatThrownBy(call::get)
        .isInstanceOfSatisfying(
            MantaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DEADLINE));
    Gate.open(gate);
  }

  private static ActorOptions options(ActorOptions.Kind kind) {
    return switch (kind) {
      case ASYNC -> ActorOptions.async();
      case SERIAL -> ActorOptions.serial();
      case THREADED -> ActorOptions.threaded(2);
    };
  }

  static AbstractThrowableAssert<?, ?> assertCancelled(
      ObjectRef<?> ref, Class<? extends MantaException> type) {
    return assertThatThrownBy(ref::get)
        .isInstanceOf(type)
        .isInstanceOfSatisfying(
            MantaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CANCELLED));
  }

  /** Waits, counts, spins. */
  static final class Worker {
    private int count;
    private volatile boolean sawCancel;

    boolean ping() {
      return true;
    }

    int count(boolean ready) {
      return ready ? ++count : -1;
    }

    boolean passAndCleanUp(ActorRef<Gate> gate, ActorRef<Journal> journal) {
      try {
        return gate.call(Gate::pass).get();
      } catch (CancellationException e) {
        Journal.add(journal, e.getClass().getSimpleName());
        throw e;
      } finally {
        Journal.add(journal, "cleaned up");
      }
    }

    boolean passAndWaitIn(ActorRef<Gate> gate, ActorRef<Gate> cleaning) {
      try {
        return gate.call(Gate::pass).get();
      } finally {
        Gate.pass(cleaning);
      }
    }

    boolean blockForEver(ActorRef<Gate> blocking, ActorRef<Gate> interrupted) throws Exception {
      try {
        return Manta.blocking(
            () -> {
              blocking.run(Gate::open);
              try {
                new CountDownLatch(1).await();
                return true;
              } catch (InterruptedException e) {
                sawCancel = true;
                throw e;
              }
            });
      } finally {
        interrupted.run(Gate::open);
      }
    }

    int spinUntilCancelled(ActorRef<Gate> running) {
      running.run(Gate::open);
      while (!Manta.isCancelled()) {
        Thread.onSpinWait();
      }
      sawCancel = true;
      return 1;
    }

    boolean sawCancel() {
      while (!sawCancel) {
        Manta.yield();
      }
      return sawCancel;
    }
  }
}
