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
import dev.manta.Reason;
import dev.manta.TaskOptions;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.WithManta;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deadlines and the scope of a cancel reach all that a call started. */
@ExtendWith(WithManta.class)
class DeadlinesTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration SOON = Duration.ofMillis(20);

  /** CONTRACT 10: a nested call has the deadline of the first, and never a later one. */
  @ParameterizedTest
  @ValueSource(strings = {"call", "task", "longer", "blocking", "thenApply", "onTurn", "turn"})
  void deadline_reachesAllThatACallStarts(String kind, Manta manta) {
    ActorRef<Nest> nest = manta.actor(Nest::new);

    ObjectRef<Duration> left =
        nest.with(CallOptions.DEFAULT.deadline(HOUR)).callAsync(n -> n.remainingIn(kind));

    assertThat(left.get()).isPositive().isLessThanOrEqualTo(HOUR);
  }

  /** CONTRACT 10: a nested call's own deadline holds where it is the earlier one. */
  @Test
  void shorterDeadlineOfANestedCall_holds(Manta manta) {
    ActorRef<Nest> nest = manta.actor(Nest::new);

    ObjectRef<Duration> left =
        nest.with(CallOptions.DEFAULT.deadline(DAY)).callAsync(n -> n.remainingIn("shorter"));

    assertThat(left.get()).isPositive().isLessThanOrEqualTo(HOUR);
  }

  /** CONTRACT 10: no deadline, none left. */
  @Test
  void withoutADeadline_noneIsLeft(Manta manta) {
    ActorRef<Nest> nest = manta.actor(Nest::new);

    assertThat(nest.call(n -> Manta.remaining()).get()).isEqualTo(Optional.empty());
    assertThat(Manta.remaining()).isEmpty();
  }

  /** CONTRACT 1: a nested task that is waited for ends with the deadline of the call. */
  @Test
  void nestedTask_endsWithTheCallsDeadline(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);

    ObjectRef<Boolean> outer =
        manta.submit(
            TaskOptions.named("outer").deadline(SOON),
            () -> Manta.current().submit(() -> gate.call(Gate::pass).get()).get());

    assertDeadline(outer);
    Eventually.until("nobody waits any more", () -> gate.call(Gate::waiting).get() == 0);
    Gate.open(gate);
  }

  /** CONTRACT 1, 10: an inherited deadline holds also when the call that gave it has returned. */
  @Test
  void taskLeftBehind_endsAtTheInheritedDeadline(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);

    List<ObjectRef<Boolean>> left =
        manta
            .submit(
                TaskOptions.named("outer").deadline(Duration.ofSeconds(1)),
                () -> List.of(Manta.current().submit(() -> gate.call(Gate::pass).get())))
            .get();

    assertDeadline(left.getFirst());
    Gate.open(gate);
  }

  /** CONTRACT 2, 10: a call that is still queued at its deadline is not executed. */
  @Test
  void queuedCallAtItsDeadline_isNotExecuted(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Nest> nest =
        manta.actor(ActorOptions.async().maxConcurrency(1), Nest::new);
    ObjectRef<Boolean> inside = nest.call(n -> gate.call(Gate::pass).get());

    ObjectRef<Integer> late =
        nest.with(CallOptions.DEFAULT.deadline(SOON)).call(n -> ++n.executed);

    assertThatThrownBy(late::get)
        .isInstanceOfSatisfying(
            NotExecutedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.DEADLINE));
    Gate.open(gate);
    inside.get();
    assertThat(nest.call(n -> n.executed).get()).isZero();
  }

  /** CONTRACT 10: what a call's continuations and blocking code start is cancelled with it. */
  @ParameterizedTest
  @ValueSource(strings = {"blocking", "thenApply", "onTurn", "turn"})
  void cancel_reachesWhatContinuationsStarted(String kind, Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Nest> nest = manta.actor(Nest::new);
    ObjectRef<Boolean> call = nest.call(n -> n.startChildIn(kind, gate));
    Gate.awaitReached(gate);

    call.cancel();

    Eventually.until("the child was cancelled", () -> gate.call(Gate::waiting).get() == 0);
    Gate.open(gate);
  }

  private static void assertDeadline(ObjectRef<?> ref) {
    assertThatThrownBy(ref::get)
        .isInstanceOfSatisfying(
            MantaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DEADLINE));
  }

  /** Starts things in all the places where a call's code runs. */
  static final class Nest {
    int executed;

    CompletionStage<Duration> remainingIn(String kind) throws Exception {
      ActorRef<Nest> self = Manta.self();
      Manta manta = Manta.current();
      TaskOptions inOneDay = TaskOptions.named("longer").deadline(DAY);
      TaskOptions inOneHour = TaskOptions.named("shorter").deadline(HOUR);
      return switch (kind) {
        case "call" -> self.call(n -> Manta.remaining().orElseThrow());
        case "task" -> manta.submit(() -> Manta.remaining().orElseThrow());
        case "longer" -> manta.submit(inOneDay, () -> Manta.remaining().orElseThrow());
        case "shorter" -> manta.submit(inOneHour, () -> Manta.remaining().orElseThrow());
        default -> in(kind, () -> Manta.remaining().orElseThrow());
      };
    }

    boolean startChildIn(String kind, ActorRef<Gate> gate) throws Exception {
      Manta manta = Manta.current();
      return Manta.await(in(kind, () -> manta.submit(() -> gate.call(Gate::pass).get())))
          .get();
    }

    private static <T> CompletionStage<T> in(
        String kind, Supplier<T> code) throws Exception {
      return switch (kind) {
        case "blocking" -> CompletableFuture.completedStage(Manta.blocking(code::get));
        case "thenApply" -> Manta.current().submit(() -> 1).thenApply(one -> code.get());
        case "onTurn" ->
            Manta.onTurn(CompletableFuture.supplyAsync(() -> 1)).thenApply(one -> code.get());
        default -> CompletableFuture.supplyAsync(code, Manta.turn());
      };
    }
  }
}
