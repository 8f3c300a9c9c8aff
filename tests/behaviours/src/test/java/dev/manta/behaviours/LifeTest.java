package dev.manta.behaviours;

import static dev.manta.Reason.ACTOR_DIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.OutcomeUnknownException;
import dev.manta.Ready;
import dev.manta.behaviours.support.Errors;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.Journal;
import dev.manta.behaviours.support.WithManta;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How actors end, and what their callers see of it. */
@ExtendWith(WithManta.class)
class LifeTest {
  /** Counts, and tells the journal of its beginning and its end. */
  static final class Counter implements AutoCloseable {
    private final ActorRef<Journal> journal;
    private int count;

    Counter(ActorRef<Journal> journal) {
      this.journal = journal;
      Journal.add(journal, "built");
    }

    int next() {
      return ++count;
    }

    void leave() {
      throw Manta.exit();
    }

    @Override
    public void close() {
      journal.run(j -> j.add("closed"));
    }
  }

  /** Has no beginning. */
  static final class Unborn {
    Unborn() {
      throw new IllegalStateException("no such disk");
    }

    int one() {
      return 1;
    }
  }

  /** Does not return until it is told that it is cancelled. */
  static final class Spinner {
    int spin(ActorRef<Journal> journal) {
      journal.run(j -> j.add("spinning"));
      while (!Manta.isCancelled()) {
        Thread.onSpinWait();
      }
      return 1;
    }

    int two() {
      return 2;
    }
  }

  /** L2: an exit from inside. */
  @Test
  void exit_endsTheActorWithoutARestart(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Counter> counter =
        manta.actor(ActorOptions.async().maxRestarts(3), () -> new Counter(journal));
    assertThat(counter.call(Counter::next).get()).isEqualTo(1);

    ObjectRef<Void> left = counter.run(Counter::leave);

    Errors.of(left, OutcomeUnknownException.class, ACTOR_DIED);
    Errors.of(counter.call(Counter::next), NotExecutedException.class, ACTOR_DIED);
    Eventually.until(
        "close", () -> Journal.lines(journal).equals(List.of("built", "closed")));
  }

  /** L2: no handle is left. */
  @Test
  void actorThatNobodyHolds_endsGracefullyWithoutARestart(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);

    useAndForget(manta, journal);

    untilCollected(() -> Journal.lines(journal).equals(List.of("built", "closed")));
    untilCollected(
        () -> manta.stats().actors().stream().noneMatch(a -> a.actor().startsWith("Counter")));
    assertThat(Journal.lines(journal)).containsExactly("built", "closed");
  }

  private static void useAndForget(Manta manta, ActorRef<Journal> journal) {
    ActorRef<Counter> counter =
        manta.actor(ActorOptions.async().maxRestarts(3), () -> new Counter(journal));
    assertThat(counter.call(Counter::next).get()).isEqualTo(1);
  }

  /** L5. */
  @Test
  void callOnADeadActor_isReadyForWait_andItsGetThrows(Manta manta) {
    ActorRef<Spinner> dead = manta.actor(Spinner::new);
    manta.kill(dead);
    ObjectRef<Integer> late = dead.call(Spinner::two);

    Ready<Integer> answer = manta.wait(List.of(late), 1, Duration.ofMinutes(1));

    assertThat(answer.ready()).containsExactly(late);
    assertThat(answer.pending()).isEmpty();
    Errors.of(late, NotExecutedException.class, ACTOR_DIED);
  }

  /** L6. */
  @Test
  void handleInAPendingTask_keepsTheActorUntilTheTaskEnds(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Integer> task = taskWithTheOnlyHandle(manta, journal, gate);
    Gate.awaitReached(gate);
    System.gc();
    System.gc();
    assertThat(Journal.lines(journal)).containsExactly("built");

    Gate.open(gate);

    assertThat(task.get()).isEqualTo(2);
    untilCollected(() -> Journal.lines(journal).equals(List.of("built", "closed")));
    untilCollected(
        () -> manta.stats().actors().stream().noneMatch(a -> a.actor().startsWith("Counter")));
    assertThat(Journal.lines(journal)).containsExactly("built", "closed");
  }

  private static ObjectRef<Integer> taskWithTheOnlyHandle(
      Manta manta, ActorRef<Journal> journal, ActorRef<Gate> gate) {
    ActorRef<Counter> counter =
        manta.actor(ActorOptions.async().maxRestarts(3), () -> new Counter(journal));
    assertThat(counter.call(Counter::next).get()).isEqualTo(1);
    return manta.submit(
        () -> {
          Gate.pass(gate);
          return counter.call(Counter::next).get();
        });
  }

  private static void untilCollected(java.util.function.BooleanSupplier condition) {
    Eventually.until(
        "the actor's end",
        () -> {
          System.gc();
          return condition.getAsBoolean();
        });
  }

  /** L8. */
  @Test
  void constructorThatThrows_failsEveryCallWithThatError(Manta manta) {
    ActorRef<Unborn> unborn =
        manta.actor(ActorOptions.async().maxRestarts(3), Unborn::new);

    ObjectRef<Integer> first = unborn.call(Unborn::one);

    NotExecutedException error = Errors.of(first, NotExecutedException.class, ACTOR_DIED);
    assertThat(error)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no such disk");
    assertThat(Errors.of(unborn.call(Unborn::one), NotExecutedException.class))
        .hasRootCauseMessage("no such disk");
  }

  /** L9: not restarted. */
  @Test
  void killWhileAMethodHangs_failsWhatIsPending(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Spinner> spinner =
        manta.actor(ActorOptions.async().maxRestarts(3), Spinner::new);
    ObjectRef<Integer> hanging = spinner.call(s -> s.spin(journal));
    ObjectRef<Integer> queued = spinner.call(Spinner::two);
    Eventually.until("it spins", () -> !Journal.lines(journal).isEmpty());

    manta.kill(spinner);

    Errors.of(hanging, OutcomeUnknownException.class, ACTOR_DIED);
    Errors.of(queued, NotExecutedException.class, ACTOR_DIED);
    Errors.of(spinner.call(Spinner::two), NotExecutedException.class, ACTOR_DIED);
  }

  /** L9: restarted. */
  @Test
  void killAndRestartWhileAMethodHangs_failsWhatIsPending_andTheNextLifeAnswers(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Spinner> spinner =
        manta.actor(ActorOptions.async().maxRestarts(1), Spinner::new);
    ObjectRef<Integer> hanging = spinner.call(s -> s.spin(journal));
    ObjectRef<Integer> queued = spinner.call(Spinner::two);
    Eventually.until("it spins", () -> !Journal.lines(journal).isEmpty());

    manta.killAndRestart(spinner);

    Errors.of(hanging, OutcomeUnknownException.class, ACTOR_DIED);
    Errors.of(queued, NotExecutedException.class, ACTOR_DIED);
    assertThat(spinner.call(Spinner::two).get()).isEqualTo(2);
  }

  /** L9: killing what is dead does nothing. */
  @Test
  void killTwice_doesNothing(Manta manta) {
    ActorRef<Spinner> spinner = manta.actor(Spinner::new);
    manta.kill(spinner);

    manta.kill(spinner);
    manta.killAndRestart(spinner);

    assertThatThrownBy(() -> spinner.call(Spinner::two).get())
        .isInstanceOf(NotExecutedException.class);
  }
}
