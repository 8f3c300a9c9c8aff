package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.TaskOptions;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Gate;
import dev.manta.processes.support.Held;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.Victim;
import dev.manta.processes.support.WithWorkers;
import dev.manta.processes.support.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers that are stopped (SIGSTOP), which is not death. */
class StoppedTest {
  @RegisterExtension
  static final WithWorkers WORKERS = WithWorkers.kept(2);

  private static final Duration DEADLINE = Duration.ofMillis(300);
  private static final Duration BUSY = Duration.ofSeconds(1);

  @Test
  void deadlinesOfItsCalls_hold_andItGoesOnAfterwards(Manta manta) {
    ActorRef<Victim> victim = manta.actor(Victim::new);
    assertThat(Ends.value(victim.call(Victim::next))).isEqualTo(1);
    long pid = Ends.value(victim.call(Victim::pid));
    int mayHaveRun = 0;
    Workers.signal("STOP", pid);
    try {
      ActorRef<Victim> hurried = victim.with(CallOptions.DEFAULT.deadline(DEADLINE));
      List<ObjectRef<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        calls.add(hurried.call(Victim::next));
      }

      Limits.within(
          DEADLINE.plus(BUSY),
          "the end of all calls",
          () -> calls.stream().allMatch(ObjectRef::isDone));
      for (ObjectRef<Integer> call : calls) {
        var error = Ends.error(call, MantaException.class, Reason.DEADLINE);
        mayHaveRun += error instanceof OutcomeUnknownException ? 1 : 0;
      }
    } finally {
      Workers.signal("CONT", pid);
    }

    assertThat(Ends.value(victim.call(Victim::next))).isBetween(2, 2 + mayHaveRun);
    assertThat(Ends.value(victim.call(Victim::pid))).isEqualTo(pid);
  }

  @Test
  void startedCall_waits_andAnswersWhenItGoesOn(Manta manta) {
    Held held = Held.start(manta);
    Workers.signal("STOP", held.pid());
    ObjectRef<Integer> later;
    try {
      later = held.victim().call(Victim::next);
      Gate.open(held.gate());
      ActorRef<Victim> other = manta.actor(Victim::new);
      assertThat(Ends.value(other.call(Victim::next))).isEqualTo(1);
      assertThat(held.call().isDone()).isFalse();
      assertThat(later.isDone()).isFalse();
    } finally {
      Workers.signal("CONT", held.pid());
    }

    assertThat(List.of(Ends.value(held.call()), Ends.value(later))).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void cancelOfItsCall_endsTheRefAtOnce(Manta manta) {
    Held held = Held.start(manta);
    Workers.signal("STOP", held.pid());
    try {
      held.call().cancel();

      Limits.within(BUSY.plusSeconds(1), "the end of the call", held.call()::isDone);
      Ends.error(held.call(), OutcomeUnknownException.class, Reason.CANCELLED);
    } finally {
      Workers.signal("CONT", held.pid());
    }
    Limits.until("nobody waits", () -> Ends.value(held.gate().call(Gate::waiting)) == 0);
  }

  @Test
  void deadlinesOfTasks_hold_whenAllWorkersAreStopped(Manta manta) {
    List<Long> pids = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      pids.add(Ends.value(manta.actor(Victim::new).call(Victim::pid)));
    }
    pids.forEach(pid -> Workers.signal("STOP", pid));
    try {
      List<ObjectRef<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        tasks.add(manta.submit(TaskOptions.DEFAULT.deadline(DEADLINE), () -> 7));
      }

      Limits.within(
          DEADLINE.plus(BUSY),
          "the end of all tasks",
          () -> tasks.stream().allMatch(ObjectRef::isDone));
      tasks.forEach(t -> Ends.error(t, MantaException.class, Reason.DEADLINE));
    } finally {
      pids.forEach(pid -> Workers.signal("CONT", pid));
    }
    assertThat(Ends.value(manta.submit(() -> 7))).isEqualTo(7);
  }

  @Test
  void stoppedWorkerThatIsKilled_isDead(Manta manta) {
    ActorRef<Victim> victim = manta.actor(Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    Workers.signal("STOP", pid);
    ObjectRef<Integer> call = victim.call(Victim::next);

    Workers.kill(pid);

    Ends.error(call, MantaException.class, Reason.WORKER_DIED);
  }

  @Test
  void sigterm_drains_acceptedCallsEnd(Manta manta) {
    Held held = Held.start(manta);

    Workers.signal("TERM", held.pid());
    Gate.open(held.gate());

    assertThat(Ends.value(held.call())).isEqualTo(1);
    Limits.until("its end", () -> ProcessHandle.of(held.pid()).isEmpty());
  }
}
