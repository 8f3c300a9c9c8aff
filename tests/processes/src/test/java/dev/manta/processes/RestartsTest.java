package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.TaskOptions;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Gate;
import dev.manta.processes.support.Journal;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.Notes;
import dev.manta.processes.support.Victim;
import dev.manta.processes.support.WithWorkers;
import dev.manta.processes.support.Workers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Actors and calls that live again in another process. */
@ExtendWith(WithWorkers.class)
class RestartsTest {
  /** L1. */
  @Test
  void deathAtCall100Of200_answersInOrder_failsThatCall_andCountsAnewWithTheRest(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim = manta.actor(ActorOptions.serial().maxRestarts(1), Victim::new);
    long first = Ends.value(victim.call(Victim::pid));
    List<ObjectRef<Integer>> refs = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      refs.add(victim.call(i == 100 ? v -> v.nextAfter(gate) : v -> v.next()));
    }
    Gate.awaitReached(gate);

    Workers.kill(first);

    for (int i = 1; i < 100; i++) {
      assertThat(Ends.value(refs.get(i - 1))).isEqualTo(i);
    }
    Ends.error(refs.get(99), OutcomeUnknownException.class, Reason.WORKER_DIED);
    for (int i = 101; i <= 200; i++) {
      assertThat(Ends.value(refs.get(i - 1))).isEqualTo(i - 100);
    }
    long second = Ends.value(victim.call(Victim::pid));
    assertThat(second).isNotEqualTo(first);

    Workers.kill(second);

    Limits.until("it is dead", () -> isDead(victim));
    for (int i = 0; i < 10; i++) {
      Ends.error(victim.call(Victim::next), NotExecutedException.class, Reason.WORKER_DIED);
    }
  }

  private static boolean isDead(ActorRef<Victim> victim) {
    return Ends.error(victim.call(Victim::next),
        MantaException.class) instanceof NotExecutedException;
  }

  /** L2. */
  @Test
  void gracefulExit_isNoCrash(Manta manta) {
    ActorRef<Victim> victim = manta.actor(ActorOptions.async().maxRestarts(3), Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));

    ObjectRef<Integer> exit =
        victim.call(v -> {
          throw Manta.exit();
        });

    Ends.error(exit, MantaException.class, Reason.ACTOR_DIED);
    Ends.error(victim.call(Victim::next), NotExecutedException.class, Reason.ACTOR_DIED);
    assertThat(Workers.own()).anyMatch(w -> w.pid() == pid);
  }

  /** L3. */
  @Test
  void actor_livesAgainThoughNobodyCallsIt(Manta manta) {
    ActorRef<Journal> journal = manta.actor(Journal::new);
    long journalPid = Ends.value(journal.call(Journal::pid));
    ActorRef<Victim> victim =
        manta.actor(ActorOptions.async().maxRestarts(1), () -> new Victim(journal));
    long pid = Ends.value(victim.call(Victim::pid));
    assertThat(pid).isNotEqualTo(journalPid);

    Workers.kill(pid);

    List<String> lines = Journal.await(journal, 2);
    assertThat(lines).hasSize(2).first().isEqualTo("built in " + pid);
    assertThat(lines.getLast()).isNotEqualTo(lines.getFirst());
    assertThat(Ends.value(victim.call(Victim::next))).isEqualTo(1);
  }

  /** L4. */
  @Test
  void callerLivesAgain_theCalleeGoesOn(Manta manta) {
    ActorRef<Victim> callee = manta.actor(Victim::new);
    long calleePid = Ends.value(callee.call(Victim::pid));
    ActorRef<Caller> caller =
        manta.actor(ActorOptions.async().maxRestarts(1), () -> new Caller(callee));
    long pid = Ends.value(caller.call(Caller::pid));
    assertThat(pid).isNotEqualTo(calleePid);
    assertThat(Ends.value(caller.call(Caller::next))).isEqualTo(1);

    Workers.kill(pid);

    assertThat(Ends.value(retrying(caller).call(Caller::next))).isEqualTo(2);
    assertThat(Ends.value(caller.call(Caller::pid))).isNotEqualTo(pid);
  }

  private static <A> ActorRef<A> retrying(ActorRef<A> actor) {
    return actor.with(CallOptions.DEFAULT.retries(2));
  }

  @Test
  void incarnation_rises(Manta manta) {
    ActorRef<Victim> victim =
        manta.actor(ActorOptions.named("riser").maxRestarts(2), Victim::new);
    for (int life = 1; life <= 3; life++) {
      long pid = Ends.value(retrying(victim).call(Victim::pid));
      assertThat(incarnation(manta, "riser")).isEqualTo(life);
      if (life < 3) {
        Workers.kill(pid);
        Limits.until("another process",
            () -> !Long.valueOf(pid).equals(Ends.value(retrying(victim).call(Victim::pid))));
      }
    }
  }

  @Test
  void incarnation_risesAlsoAfterKillsOfTheActorAlone(Manta manta) {
    ActorRef<Victim> victim =
        manta.actor(ActorOptions.named("riser").maxRestarts(9), Victim::new);
    Ends.value(victim.call(Victim::next));
    for (int i = 0; i < 3; i++) {
      manta.killAndRestart(victim);
      assertThat(Ends.value(retrying(victim).call(Victim::next))).isEqualTo(1);
    }
    assertThat(incarnation(manta, "riser")).isEqualTo(4);
    long pid = Ends.value(victim.call(Victim::pid));

    Workers.kill(pid);

    assertThat(Ends.value(retrying(victim).call(Victim::next))).isEqualTo(1);
    assertThat(incarnation(manta, "riser")).isEqualTo(5);
  }

  private static long incarnation(Manta manta, String name) {
    return manta.stats()
        .actors()
        .stream()
        .filter(a -> a.actor().equals(name))
        .findFirst()
        .orElseThrow()
        .incarnation();
  }

  @Test
  void retriedCall_runsInTheNextLife_andSeesItsAttempt(Manta manta) {
    ActorRef<Victim> victim = manta.actor(ActorOptions.async().maxRestarts(3), Victim::new);

    ObjectRef<Integer> call =
        victim.with(CallOptions.DEFAULT.retries(2)).call(v -> Victim.haltBefore(3));

    assertThat(Ends.value(call)).isEqualTo(3);
  }

  @Test
  void retriedTask_runsAgain_andSeesItsAttempt(Manta manta) {
    ObjectRef<Integer> task =
        manta.submit(TaskOptions.DEFAULT.retries(2), () -> Victim.haltBefore(3));

    assertThat(Ends.value(task)).isEqualTo(3);
  }

  @Test
  void retriesUsedUp_outcomeUnknownWithTheHistory(Manta manta) {
    ObjectRef<Integer> task =
        manta.submit(TaskOptions.DEFAULT.retries(1), () -> Victim.haltBefore(3));

    var error = Ends.error(task, OutcomeUnknownException.class, Reason.WORKER_DIED);

    assertThat(error).hasMessageContaining("exit code " + Victim.EXIT_CODE);
  }

  /** L11. */
  @Test
  void poisonCall_isSetAsideAfterThreeDeaths(Manta manta, @TempDir Path folder) {
    Notes notes = Notes.in(folder);
    ActorRef<Victim> victim = manta.actor(ActorOptions.async().maxRestarts(100), Victim::new);

    ObjectRef<Integer> call =
        victim.with(CallOptions.DEFAULT.retries(50)).call(v -> {
          notes.add("attempt " + Manta.attempt());
          return Victim.halt();
        });

    var error = Ends.error(call, OutcomeUnknownException.class, Reason.WORKER_DIED);
    assertThat(error)
        .hasMessageContaining("in each of 3 attempts when its process ended")
        .message()
        .matches("(?s).*attempts(.*exit code " + Victim.EXIT_CODE + "){3}.*");
    assertThat(notes.lines()).containsExactly("attempt 1", "attempt 2", "attempt 3");
    assertThat(Ends.value(victim.call(Victim::next))).isEqualTo(1);
  }

  /** L11. */
  @Test
  void poisonTask_isSetAsideAfterThreeDeaths(Manta manta, @TempDir Path folder) {
    Notes notes = Notes.in(folder);

    ObjectRef<Integer> task =
        manta.submit(TaskOptions.DEFAULT.retries(50), () -> {
          notes.add("attempt " + Manta.attempt());
          return Victim.halt();
        });

    Ends.error(task, OutcomeUnknownException.class, Reason.WORKER_DIED);
    assertThat(notes.lines()).containsExactly("attempt 1", "attempt 2", "attempt 3");
  }

  /** L11. */
  @Test
  void constructorThatEndsItsProcess_isSetAsideAfterThreeDeaths(
      Manta manta, @TempDir Path folder) {
    Notes notes = Notes.in(folder);

    ActorRef<Caller> storm =
        manta.actor(ActorOptions.async().maxRestarts(100), () -> new Caller(notes));

    Limits.until(
        "it is set aside",
        () -> Ends.error(storm.call(Caller::pid),
            MantaException.class) instanceof NotExecutedException);
    var error = Ends.error(storm.call(Caller::pid), NotExecutedException.class);
    assertThat(error)
        .hasMessageContaining("ended 3 times before it was built")
        .message()
        .matches("(?s).*built \\((.*exit code " + Victim.EXIT_CODE + "){3}.*");
    assertThat(notes.lines()).hasSize(3);
    assertThat(Ends.value(manta.submit(() -> 7))).isEqualTo(7);
  }

  /** Whatever becomes of the actor, others are not held up. */
  @Test
  void constructorThatEndsItsProcess_failsItsCalls_andOthersGoOn(
      Manta manta, @TempDir Path folder) {
    Notes notes = Notes.in(folder);
    ActorRef<Caller> bad =
        manta.actor(ActorOptions.async().maxRestarts(1), () -> new Caller(notes));

    Ends.error(bad.call(Caller::pid), MantaException.class, Reason.WORKER_DIED);

    Limits.until(
        "it is dead",
        () -> Ends.error(bad.call(Caller::pid),
            MantaException.class) instanceof NotExecutedException);
    assertThat(notes.lines()).hasSize(2);
    assertThat(Ends.value(manta.submit(() -> 7))).isEqualTo(7);
  }

  /** L9. */
  @Test
  void kill_endsACallThatHangs(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim = manta.actor(ActorOptions.async().maxRestarts(3), Victim::new);
    ObjectRef<Integer> call = victim.call(v -> v.hang(gate));
    Gate.awaitReached(gate);

    manta.kill(victim);

    Ends.error(call, OutcomeUnknownException.class, Reason.ACTOR_DIED);
    Ends.error(victim.call(Victim::next), NotExecutedException.class, Reason.ACTOR_DIED);
  }

  /** L9. */
  @Test
  void killAndRestart_endsACallThatHangs_andBeginsAnew(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim = manta.actor(ActorOptions.async().maxRestarts(3), Victim::new);
    assertThat(Ends.value(victim.call(Victim::next))).isEqualTo(1);
    ObjectRef<Integer> call = victim.call(v -> v.hang(gate));
    Gate.awaitReached(gate);

    manta.killAndRestart(victim);

    Ends.error(call, OutcomeUnknownException.class, Reason.ACTOR_DIED);
    assertThat(Ends.value(retrying(victim).call(Victim::next))).isEqualTo(1);
  }

  /** The two ways of dying share the one count. */
  @Test
  void killsAndDeathsOfTheProcess_shareTheRestarts(Manta manta) {
    ActorRef<Victim> victim = manta.actor(ActorOptions.async().maxRestarts(1), Victim::new);
    Ends.value(victim.call(Victim::next));
    manta.killAndRestart(victim);
    long pid = Ends.value(retrying(victim).call(Victim::pid));

    Workers.kill(pid);

    Limits.until("it is dead", () -> isDead(victim));
  }

  /** C5. */
  @Test
  void cancelledCall_isNotRunAgainWhenItsProcessDies(Manta manta) {
    ActorRef<Journal> journal = manta.actor(Journal::new);
    ActorRef<Caller> victim =
        manta.actor(ActorOptions.async().maxRestarts(3), () -> new Caller());
    long pid = Ends.value(victim.call(Caller::pid));
    ObjectRef<Integer> call =
        victim.with(CallOptions.DEFAULT.retries(3)).call(c -> c.noteAndSpin(journal));
    Journal.await(journal, 1);

    call.cancel();
    Workers.kill(pid);

    Ends.error(call, OutcomeUnknownException.class);
    assertThat(Ends.value(retrying(victim).call(Caller::pid))).isNotEqualTo(pid);
    assertThat(Journal.lines(journal)).hasSize(1);
  }

  /** The ref ends at once, whatever becomes of the process. */
  @Test
  void cancelledCall_saysSoThoughItsProcessDies(Manta manta) {
    ActorRef<Journal> journal = manta.actor(Journal::new);
    ActorRef<Caller> victim = manta.actor(() -> new Caller());
    long pid = Ends.value(victim.call(Caller::pid));
    ObjectRef<Integer> call = victim.call(c -> c.noteAndSpin(journal));
    Journal.await(journal, 1);

    call.cancel();
    Workers.kill(pid);

    Ends.error(call, OutcomeUnknownException.class, Reason.CANCELLED);
  }

  /** L6. */
  @Test
  void handleInAPendingTask_keepsTheActorAlive_untilItEnds(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Integer> task = countsAfter(manta, gate);
    System.gc();

    Gate.open(gate);

    assertThat(Ends.value(task)).isEqualTo(1);
    Limits.until("the actor's end", () -> {
      System.gc();
      collectInWorkers(manta);
      return manta.stats().actors().stream().noneMatch(a -> a.actor().equals("kept"));
    });
  }

  private static ObjectRef<Integer> countsAfter(Manta manta, ActorRef<Gate> gate) {
    ActorRef<Victim> kept = manta.actor(ActorOptions.named("kept").maxRestarts(3), Victim::new);
    return manta.submit(() -> {
      Gate.pass(gate);
      return kept.call(Victim::next).get();
    });
  }

  private static void collectInWorkers(Manta manta) {
    List<ObjectRef<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      all.add(manta.submit(() -> {
        System.gc();
        return 0;
      }));
    }
    all.forEach(Ends::value);
  }

  /** L10. */
  @Test
  void handleOfTheFirstLifeInAnotherWorker_reachesTheSecond(Manta manta) {
    ActorRef<Victim> victim = manta.actor(ActorOptions.async().maxRestarts(1), Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    ActorRef<Caller> holder = manta.actor(() -> new Caller(victim));
    assertThat(Ends.value(holder.call(Caller::pid))).isNotEqualTo(pid);
    assertThat(Ends.value(holder.call(Caller::next))).isEqualTo(1);

    Workers.kill(pid);

    assertThat(Ends.value(holder.call(Caller::nextRetrying))).isEqualTo(1);
    assertThat(Ends.value(victim.call(Victim::next))).isEqualTo(2);
  }

  /** Calls another actor, which it was given. */
  static final class Caller {
    private final ActorRef<Victim> callee;

    Caller(ActorRef<Victim> callee) {
      this.callee = callee;
    }

    @SuppressWarnings("NullAway") // is not used
    Caller() {
      callee = null;
    }

    Caller(Notes notes) {
      this();
      notes.add("built");
      Victim.halt();
    }

    long pid() {
      return ProcessHandle.current().pid();
    }

    int next() {
      return callee.call(Victim::next).get();
    }

    int nextRetrying() {
      return retrying(callee).call(Victim::next).get();
    }

    int noteAndSpin(ActorRef<Journal> journal) {
      journal.run(j -> j.add("attempt " + Manta.attempt()));
      while (true) {
        Thread.onSpinWait();
      }
    }
  }
}
