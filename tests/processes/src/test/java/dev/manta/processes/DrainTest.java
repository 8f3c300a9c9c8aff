package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.Reason;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Gate;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.Victim;
import dev.manta.processes.support.WithWorkers;
import dev.manta.processes.support.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** CONTRACT 12: a worker that somebody asks to end (SIGTERM). */
@ExtendWith(WithWorkers.class)
class DrainTest {
  private static final int CALLS = 20;

  /** The calls of an actor, one begun and the others queued, when its process is asked to end. */
  private static List<ObjectRef<Integer>> terminate(
      ActorRef<Gate> gate, ActorRef<Victim> victim, long pid) {
    List<ObjectRef<Integer>> calls = new ArrayList<>();
    calls.add(victim.call(v -> v.nextAfter(gate)));
    for (int i = 1; i < CALLS; i++) {
      calls.add(victim.call(Victim::next));
    }
    Gate.awaitReached(gate);
    Workers.signal("TERM", pid);
    Gate.open(gate);
    return calls;
  }

  private static void assertAllRan(List<ObjectRef<Integer>> calls) {
    assertThat(calls.stream().map(Ends::value))
        .isEqualTo(IntStream.rangeClosed(1, CALLS).boxed().toList());
  }

  @Test
  void acceptedCalls_areAnswered_andTheActorLivesAgainElsewhere(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim = manta.actor(ActorOptions.serial().maxRestarts(1), Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));

    List<ObjectRef<Integer>> calls = terminate(gate, victim, pid);

    assertAllRan(calls);
    Limits.until("its next life", () -> Ends.value(victim.call(Victim::pid)) != pid);
    assertThat(Ends.value(victim.call(Victim::next))).isEqualTo(1);
  }

  /** Those that come while it drains wait for the next life. */
  @Test
  void callsThatKeepComing_areAllAnswered_inTheirOrder(Manta manta) {
    ActorRef<Victim> victim = manta.actor(ActorOptions.async().maxRestarts(1), Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    List<ObjectRef<Integer>> calls = new ArrayList<>();
    List<Integer> values = new ArrayList<>();

    Limits.until("its end under load", () -> {
      for (int i = 0; i < CALLS; i++) {
        calls.add(victim.call(Victim::next));
      }
      if (calls.size() == 10 * CALLS) {
        Workers.signal("TERM", pid);
      }
      while (calls.size() - values.size() > 5 * CALLS) {
        values.add(Ends.value(calls.get(values.size())));
      }
      return !Workers.runs(process);
    });

    calls.subList(values.size(), calls.size()).forEach(call -> values.add(Ends.value(call)));
    int first = values.lastIndexOf(1);
    assertThat(first).isPositive();
    assertThat(values.subList(0, first))
        .isEqualTo(IntStream.rangeClosed(1, first).boxed().toList());
    assertThat(values.subList(first, values.size()))
        .isEqualTo(IntStream.rangeClosed(1, values.size() - first).boxed().toList());
  }

  @Test
  void actorWithoutRestarts_isDeadAfterItsAnswers_andSaysHow(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim = manta.actor(ActorOptions.serial(), Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));

    List<ObjectRef<Integer>> calls = terminate(gate, victim, pid);

    assertAllRan(calls);
    Limits.until("its end", () -> catchThrowable(
        () -> victim.call(Victim::next).get(Limits.TOLERANCE)) instanceof NotExecutedException);
    var error =
        Ends.error(victim.call(Victim::next), NotExecutedException.class, Reason.WORKER_DIED);
    assertThat(error).hasMessageContaining("process " + pid).hasMessageContaining("exit code 0");
  }
}
