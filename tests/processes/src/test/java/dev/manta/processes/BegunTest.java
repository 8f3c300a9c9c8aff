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
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.Notes;
import dev.manta.processes.support.Victim;
import dev.manta.processes.support.WithWorkers;
import dev.manta.processes.support.Workers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What had begun when its process was killed, and what had not. */
@ExtendWith(WithWorkers.class)
class BegunTest {
  @Test
  void queuedCalls_areNotExecuted_theStartedOneIsUnknown(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim = manta.actor(ActorOptions.serial(), Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    assertThat(Ends.value(gate.call(Gate::pid))).isNotEqualTo(pid);
    ObjectRef<Integer> started = victim.call(v -> v.nextAfter(gate));
    List<ObjectRef<Integer>> queued = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      queued.add(victim.call(Victim::next));
    }
    Gate.awaitReached(gate);

    Workers.kill(pid);

    Ends.error(started, OutcomeUnknownException.class, Reason.WORKER_DIED);
    for (ObjectRef<Integer> call : queued) {
      var error = Ends.error(call, NotExecutedException.class, Reason.WORKER_DIED);
      assertThat(error).hasMessageContaining("SIGKILL").hasMessageContaining("process " + pid);
    }
  }

  @Test
  void callsThatTheProcessNeverRead_areNotExecuted(Manta manta) {
    ActorRef<Victim> victim = manta.actor(Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    Workers.signal("STOP", pid);
    List<ObjectRef<Integer>> unread = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      unread.add(victim.call(Victim::next));
    }

    Workers.kill(pid);

    unread.forEach(c -> Ends.error(c, NotExecutedException.class, Reason.WORKER_DIED));
  }

  /** As calls do that come while it has no process. */
  @Test
  void queuedCallsOfAnActorThatLivesAgain_areRunThere_inTheirOrder(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim =
        manta.actor(ActorOptions.serial().maxRestarts(1), Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    assertThat(Ends.value(gate.call(Gate::pid))).isNotEqualTo(pid);
    ObjectRef<Integer> started = victim.call(v -> v.nextAfter(gate));
    List<ObjectRef<Integer>> queued = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      queued.add(victim.call(Victim::next));
    }
    Gate.awaitReached(gate);

    Workers.kill(pid);
    for (int i = 0; i < 100; i++) {
      queued.add(victim.call(Victim::next));
    }

    Ends.error(started, OutcomeUnknownException.class, Reason.WORKER_DIED);
    for (int i = 0; i < queued.size(); i++) {
      assertThat(Ends.value(queued.get(i))).isEqualTo(i + 1);
    }
  }

  /** They have not run, so none of their retries is used, and the death was not theirs. */
  @Test
  void queuedCallsWithRetries_keepThem(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim = manta.actor(ActorOptions.serial().maxRestarts(1), Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    assertThat(Ends.value(gate.call(Gate::pid))).isNotEqualTo(pid);
    ObjectRef<Integer> started = victim.call(v -> v.nextAfter(gate));
    ObjectRef<Integer> queued =
        victim.with(CallOptions.DEFAULT.retries(1)).call(v -> Manta.attempt());
    Gate.awaitReached(gate);

    Workers.kill(pid);

    Ends.error(started, OutcomeUnknownException.class, Reason.WORKER_DIED);
    assertThat(Ends.value(queued)).isEqualTo(1);
  }

  @Test
  void callerInAnotherWorker_seesTheSame(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim = manta.actor(ActorOptions.serial(), Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    ActorRef<Caller> caller = manta.actor(Caller::new);
    assertThat(Ends.value(caller.call(Caller::pid))).isNotEqualTo(pid);
    ObjectRef<List<String>> ends = caller.call(c -> c.callTwice(victim, gate));
    Gate.awaitReached(gate);

    Workers.kill(pid);

    assertThat(Ends.value(ends))
        .containsExactly(
            OutcomeUnknownException.class.getName(), NotExecutedException.class.getName());
  }

  /** Calls another actor. */
  static final class Caller {
    long pid() {
      return ProcessHandle.current().pid();
    }

    /** To both workers, by way of the driver: those that run elsewhere end their process once. */
    List<Integer> submitWithRetries() {
      long self = pid();
      List<ObjectRef<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        tasks.add(
            Manta.current()
                .submit(
                    TaskOptions.DEFAULT.cpus(0.5).retries(2),
                    () -> ProcessHandle.current().pid() == self
                        ? Manta.attempt()
                        : Victim.haltBefore(2)));
      }
      return tasks.stream().map(ObjectRef::get).toList();
    }

    List<String> callTwice(ActorRef<Victim> victim, ActorRef<Gate> gate) {
      List<ObjectRef<Integer>> calls =
          List.of(victim.call(v -> v.nextAfter(gate)), victim.call(Victim::next));
      List<String> ends = new ArrayList<>();
      for (ObjectRef<Integer> call : calls) {
        try {
          ends.add("" + call.get());
        } catch (MantaException e) {
          ends.add(e.getClass().getName());
        }
      }
      return ends;
    }
  }

  /** Tasks wait for a worker wherever they wait: the loss of one that has not begun them is none. */
  @Test
  void tasksThatHadNotBegun_areRunByOthers_once(Manta manta, @TempDir Path folder) {
    Notes notes = Notes.in(folder);
    List<Long> pids = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      pids.add(Ends.value(manta.actor(Victim::new).call(Victim::pid)));
    }
    pids.forEach(pid -> Workers.signal("STOP", pid));
    List<ObjectRef<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int task = i;
      tasks.add(
          manta.submit(() -> {
            notes.add("task " + task);
            return task;
          }));
    }

    pids.forEach(Workers::kill);

    for (int i = 0; i < 20; i++) {
      assertThat(Ends.value(tasks.get(i))).isEqualTo(i);
    }
    assertThat(notes.lines()).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void cancelledCallThatHadNotBegun_isNotExecuted(Manta manta) {
    ActorRef<Victim> victim = manta.actor(ActorOptions.serial().maxRestarts(1), Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    Workers.signal("STOP", pid);
    ObjectRef<Integer> call = victim.call(Victim::next);

    call.cancel();
    Workers.kill(pid);

    Ends.error(call, MantaException.class, Reason.CANCELLED);
    assertThat(Ends.value(victim.call(Victim::next))).isEqualTo(1);
  }

  /** CONTRACT 2, whatever a call was doing when its process was killed. */
  @Test
  void callsThatSayNotExecuted_haveLeftNoTrace(Manta manta, @TempDir Path folder) {
    Notes notes = Notes.in(folder);
    Set<String> notExecuted = new HashSet<>();
    int unknown = 0;
    for (int life = 0; life < 5; life++) {
      ActorRef<Victim> victim = manta.actor(ActorOptions.threaded(4), Victim::new);
      long pid = Ends.value(victim.call(Victim::pid));
      int before = notes.lines().size();
      List<ObjectRef<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        String call = life + "." + i;
        calls.add(
            victim.call(v -> {
              notes.add(call);
              return v.next();
            }));
      }
      Limits.until("some have run", () -> notes.lines().size() > before + 20);

      Workers.kill(pid);

      for (int i = 0; i < calls.size(); i++) {
        try {
          calls.get(i).get(Limits.TOLERANCE);
        } catch (NotExecutedException e) {
          notExecuted.add(life + "." + i);
        } catch (OutcomeUnknownException e) {
          unknown++;
        }
      }
    }

    assertThat(notes.lines()).doesNotContainAnyElementsOf(notExecuted);
    assertThat(notExecuted).isNotEmpty();
    assertThat(unknown).isLessThan(5 * 400 / 2);
  }

  @Test
  void taskWithRetriesOfAWorker_isRunAgain_whenTheWorkerThatRanItDies(Manta manta) {
    ActorRef<Caller> caller = manta.actor(Caller::new);
    Ends.value(caller.call(Caller::pid));

    ObjectRef<List<Integer>> attempts = caller.call(Caller::submitWithRetries);

    assertThat(Ends.value(attempts)).contains(2);
  }
}
