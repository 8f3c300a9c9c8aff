package dev.manta.processes;

import static dev.manta.CancelScope.FORCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.TaskOptions;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Gate;
import dev.manta.processes.support.Held;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.Notes;
import dev.manta.processes.support.Victim;
import dev.manta.processes.support.WithWorkers;
import dev.manta.processes.support.Workers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Cancels that end the process. */
@ExtendWith(WithWorkers.class)
class ForceTest {
  /** Ends by nothing but the end of its process. */
  private static int spin(Notes notes) {
    notes.add("" + ProcessHandle.current().pid());
    while (true) {
      Thread.onSpinWait();
    }
  }

  private static long awaitPid(Notes notes) {
    Limits.until("it has begun", () -> !notes.lines().isEmpty());
    return Long.parseLong(notes.lines().getFirst());
  }

  private static void awaitEnd(long pid) {
    Limits.until("the end of process " + pid, () -> ProcessHandle.of(pid).isEmpty());
  }

  @Test
  void taskThatNeverEnds_endsWithItsProcess(Manta manta, @TempDir Path folder) {
    Notes notes = Notes.in(folder);
    ObjectRef<Integer> task = manta.submit(TaskOptions.DEFAULT.retries(3), () -> spin(notes));
    long pid = awaitPid(notes);

    task.cancel(FORCE);

    Ends.error(task, OutcomeUnknownException.class, Reason.CANCELLED);
    awaitEnd(pid);
    assertThat(Ends.value(manta.submit(() -> 7))).isEqualTo(7);
    assertThat(notes.lines()).hasSize(1);
  }

  @Test
  void otherWorkOfThatProcess_isTreatedAsAfterADeath(Manta manta) {
    Held held = Held.start(manta, ActorOptions.async().maxRestarts(1));
    ActorRef<Gate> gate = held.gate();
    ObjectRef<Integer> other = held.victim().call(v -> v.nextAfter(gate));
    Limits.until("both have begun", () -> Ends.value(gate.call(Gate::waiting)) == 2);

    held.call().cancel(FORCE);

    Ends.error(held.call(), OutcomeUnknownException.class, Reason.CANCELLED);
    var error = Ends.error(other, OutcomeUnknownException.class, Reason.WORKER_DIED);
    assertThat(error).hasMessageContaining("was ended by cancel(FORCE) of");
    awaitEnd(held.pid());
    assertThat(Ends.value(held.victim().call(Victim::next))).isEqualTo(1);
  }

  @Test
  void callThatHasNotBegun_endsNothing(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim = manta.actor(ActorOptions.serial(), Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    ObjectRef<Integer> started = victim.call(v -> v.nextAfter(gate));
    ObjectRef<Integer> queued = victim.call(Victim::next);
    Gate.awaitReached(gate);

    queued.cancel(FORCE);

    Ends.error(queued, NotExecutedException.class, Reason.CANCELLED);
    Gate.open(gate);
    assertThat(Ends.value(started)).isEqualTo(1);
    assertThat(Ends.value(victim.call(Victim::pid))).isEqualTo(pid);
  }

  @Test
  void stoppedProcess_isEndedToo(Manta manta) {
    Held held = Held.start(manta);
    Workers.signal("STOP", held.pid());

    held.call().cancel(FORCE);

    Ends.error(held.call(), OutcomeUnknownException.class, Reason.CANCELLED);
    awaitEnd(held.pid());
  }

  @Test
  void workerMayForceToo(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim = manta.actor(Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    ActorRef<Caller> caller = manta.actor(Caller::new);
    assertThat(Ends.value(caller.call(Caller::pid))).isNotEqualTo(pid);
    ObjectRef<String> end = caller.call(c -> c.force(victim, gate));

    assertThat(Ends.value(end)).isEqualTo("CANCELLED");
    awaitEnd(pid);
  }

  /** A ref that was passed on reaches the process that runs it. */
  @Test
  void borrowedRef_isForcedWhereItRuns(Manta manta, @TempDir Path folder) {
    Notes notes = Notes.in(folder);
    ActorRef<Caller> caller = manta.actor(Caller::new);
    Ends.value(caller.call(Caller::pid));
    List<ObjectRef<Integer>> task =
        Ends.value(caller.call(c -> List.of(Manta.current().submit(() -> spin(notes)))));
    long pid = awaitPid(notes);

    task.getFirst().cancel(FORCE);

    awaitEnd(pid);
    Ends.error(task.getFirst(), MantaException.class);
  }

  /** Calls other actors. */
  static final class Caller {
    long pid() {
      return ProcessHandle.current().pid();
    }

    String force(ActorRef<Victim> victim, ActorRef<Gate> gate) {
      ObjectRef<Integer> call = victim.call(v -> v.nextAfter(gate));
      gate.call(Gate::reached).get();
      call.cancel(FORCE);
      try {
        return "" + call.get();
      } catch (MantaException e) {
        return e.reason().name();
      }
    }
  }

  @Test
  void completeRef_isLeftAlone(Manta manta) {
    ActorRef<Victim> victim = manta.actor(Victim::new);
    ObjectRef<Long> call = victim.call(Victim::pid);
    long pid = Ends.value(call);

    assertThat(call.cancel(FORCE)).isFalse();

    assertThat(Ends.value(victim.call(Victim::pid))).isEqualTo(pid);
  }

  @Test
  void inOneProcess_itIsRefused() {
    try (Manta manta = Manta.start(LocalOptions.local().processes(0))) {
      ActorRef<Gate> gate = Gate.closed(manta);
      ObjectRef<Boolean> call = gate.call(Gate::pass);

      assertThatThrownBy(() -> call.cancel(FORCE))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("processes(n)");

      Gate.open(gate);
      assertThat(Ends.value(call)).isTrue();
      assertThat(call.cancel(FORCE)).isFalse();
    }
  }
}
