package dev.manta.behaviours;

import static dev.manta.Reason.ACTOR_DIED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.OutcomeUnknownException;
import dev.manta.behaviours.support.Errors;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.Journal;
import dev.manta.behaviours.support.WithManta;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Actors that are built anew after they died. */
@ExtendWith(WithManta.class)
class RestartsTest {
  /** Counts. */
  static final class Counter {
    private int count;

    int next() {
      return ++count;
    }

    int nextAfter(ActorRef<Gate> gate) {
      Gate.pass(gate);
      return ++count;
    }
  }

  /** Says when it is built. */
  static final class Announced {
    Announced(ActorRef<Journal> journal) {
      Journal.add(journal, "built");
    }
  }

  /** Lets another actor count. */
  static final class Caller {
    private final ActorRef<Counter> counter;

    Caller(ActorRef<Counter> counter) {
      this.counter = counter;
    }

    int next() {
      return counter.call(Counter::next).get();
    }
  }

  /** Says when a call's code ends and when a life begins. */
  static final class Life {
    Life(ActorRef<Journal> journal) {
      Journal.add(journal, "begins");
    }

    ActorRef<Life> selfAfter(ActorRef<Gate> gate, ActorRef<Journal> journal) {
      try {
        Gate.pass(gate);
        return Manta.self();
      } finally {
        Journal.add(journal, "ends");
      }
    }

    /** Takes a moment to end when it is told to. */
    void endsLate(ActorRef<Gate> gate, ActorRef<Journal> journal) {
      try {
        Gate.pass(gate);
      } finally {
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < 50_000_000) {
          Thread.onSpinWait();
        }
        Journal.add(journal, "ends");
      }
    }

    ActorRef<Life> self() {
      return Manta.self();
    }

    int one() {
      return 1;
    }
  }

  /** Kills its own actor in each attempt. */
  static final class Poisoned {
    int drink(ActorRef<Journal> journal) {
      Journal.add(journal, "attempt " + Manta.attempt());
      Manta.current().killAndRestart(Manta.self());
      return Manta.await(new java.util.concurrent.CompletableFuture<>());
    }

    int one() {
      return 1;
    }
  }

  /** L1. */
  @Test
  void deathAtCall100Of200_answersInOrder_failsTheRestRightly_andCountsAnew(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Counter> counter =
        manta.actor(ActorOptions.serial().maxRestarts(1), Counter::new);
    List<ObjectRef<Integer>> refs = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      refs.add(counter.call(i == 100 ? c -> c.nextAfter(gate) : c -> c.next()));
    }
    Gate.awaitReached(gate);

    manta.killAndRestart(counter);

    for (int i = 1; i < 100; i++) {
      assertThat(refs.get(i - 1).get()).isEqualTo(i);
    }
    Errors.of(refs.get(99), OutcomeUnknownException.class, ACTOR_DIED);
    for (int i = 101; i <= 200; i++) {
      Errors.of(refs.get(i - 1), NotExecutedException.class, ACTOR_DIED);
    }
    assertThat(counter.call(Counter::next).get()).isEqualTo(1);
    assertThat(counter.call(Counter::next).get()).isEqualTo(2);
  }

  /** L1: the second death is the last. */
  @Test
  void secondDeathWithOneRestart_isFinal(Manta manta) {
    ActorRef<Counter> counter =
        manta.actor(ActorOptions.async().maxRestarts(1), Counter::new);
    manta.killAndRestart(counter);
    assertThat(counter.call(Counter::next).get()).isEqualTo(1);

    manta.killAndRestart(counter);

    for (int i = 0; i < 10; i++) {
      Errors.of(counter.call(Counter::next), NotExecutedException.class, ACTOR_DIED);
    }
  }

  /** L3. */
  @Test
  void restart_needsNoCall(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Announced> actor =
        manta.actor(ActorOptions.async().maxRestarts(1), () -> new Announced(journal));
    Eventually.until("built", () -> Journal.lines(journal).size() == 1);

    manta.killAndRestart(actor);

    Eventually.until(
        "built anew", () -> Journal.lines(journal).equals(List.of("built", "built")));
  }

  /** L4. */
  @Test
  void callerThatRestarts_leavesItsCalleeCounting(Manta manta) {
    ActorRef<Counter> counter = manta.actor(Counter::new);
    ActorRef<Caller> caller =
        manta.actor(ActorOptions.async().maxRestarts(1), () -> new Caller(counter));
    assertThat(caller.call(Caller::next).get()).isEqualTo(1);

    manta.killAndRestart(caller);

    assertThat(caller.call(Caller::next).get()).isEqualTo(2);
    assertThat(counter.call(Counter::next).get()).isEqualTo(3);
  }

  /** L10: a handle that the old life gave out. */
  @Test
  void handleFromTheOldLife_reachesTheNewOne(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Life> actor =
        manta.actor(ActorOptions.async().maxRestarts(1), () -> new Life(journal));
    ActorRef<Life> old = actor.<ActorRef<Life>>call(Life::self).get();

    manta.killAndRestart(actor);

    assertThat(old.call(Life::one).get()).isEqualTo(1);
    manta.kill(actor);
    Errors.of(old.call(Life::one), NotExecutedException.class, ACTOR_DIED);
  }

  /** L10: the next life begins when the code of the one before, which was told, has ended. */
  @Test
  void nextLife_beginsAfterTheCodeOfTheOldOneHasEnded(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Life> actor =
        manta.actor(ActorOptions.async().maxRestarts(1), () -> new Life(journal));
    ObjectRef<ActorRef<Life>> hanging = actor.call(a -> a.selfAfter(gate, journal));
    Gate.awaitReached(gate);

    manta.killAndRestart(actor);

    Errors.of(hanging, OutcomeUnknownException.class, ACTOR_DIED);
    assertThat(actor.call(Life::one).get()).isEqualTo(1);
    assertThat(Journal.lines(journal)).containsExactly("begins", "ends", "begins");
  }

  /** L10: also where the life between them ends before it has begun. */
  @Test
  void lifeAfterTheNext_beginsAfterTheCodeOfTheOldOneHasEnded(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Life> actor =
        manta.actor(ActorOptions.async().maxRestarts(2), () -> new Life(journal));
    ObjectRef<Void> hanging = actor.run(a -> a.endsLate(gate, journal));
    Gate.awaitReached(gate);

    manta.killAndRestart(actor);
    manta.killAndRestart(actor);

    Errors.of(hanging, OutcomeUnknownException.class, ACTOR_DIED);
    assertThat(actor.call(Life::one).get()).isEqualTo(1);
    assertThat(Journal.lines(journal)).containsExactly("begins", "ends", "begins");
  }

  /** L11. */
  @Test
  void callThatKillsItsActorEachTime_isSetAsideAfterThreeTriesWithItsHistory(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Poisoned> actor =
        manta.actor(ActorOptions.async().maxRestarts(50), Poisoned::new);
    ActorRef<Poisoned> retrying = actor.with(CallOptions.DEFAULT.retries(40));

    ObjectRef<Integer> poison = retrying.call(a -> a.drink(journal));

    OutcomeUnknownException error =
        Errors.of(poison, OutcomeUnknownException.class, ACTOR_DIED);
    assertThat(Journal.lines(journal)).containsExactly("attempt 1", "attempt 2", "attempt 3");
    assertThat(error).hasMessageContaining("3 attempts");
    assertThat(actor.call(Poisoned::one).get()).isEqualTo(1);
  }
}
