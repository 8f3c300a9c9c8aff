package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.CancelScope;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.Reason;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Gate;
import dev.manta.processes.support.Journal;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.Tag;
import dev.manta.processes.support.WithWorkers;
import dev.manta.processes.support.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls that lead through three processes: contexts, deadlines, cancels. */
class ChainTest {
  private static final Duration DEADLINE = Duration.ofSeconds(1);
  private static final Duration BUSY = Duration.ofSeconds(1);

  @RegisterExtension
  static final WithWorkers WORKERS = WithWorkers.kept(WithWorkers.options(3).propagate(new Tag()));

  private Manta manta;
  private final List<ActorRef<Link>> links = new ArrayList<>();
  private final List<Long> pids = new ArrayList<>();

  @BeforeEach
  void spread(Manta given) {
    manta = given;
    for (int i = 0; i < 3; i++) {
      ActorRef<Link> link = manta.actor(Link::new);
      links.add(link);
      pids.add(Ends.value(link.call(Link::pid)));
    }
    assertThat(pids).doesNotHaveDuplicates();
  }

  @AfterEach
  void letGo() {
    links.clear();
  }

  /** One of a chain. */
  static final class Link {
    long pid() {
      return ProcessHandle.current().pid();
    }

    String tags(List<ActorRef<Link>> rest) {
      String here = Tag.here();
      if (rest.isEmpty()) {
        return here;
      }
      ActorRef<Link> next = rest.getFirst();
      List<ActorRef<Link>> others = List.copyOf(rest.subList(1, rest.size()));
      return here + " " + next.call(l -> l.tags(others)).get();
    }

    long remainingMs(List<ActorRef<Link>> rest) {
      if (rest.isEmpty()) {
        return Manta.remaining().map(Duration::toMillis).orElse(-1L);
      }
      ActorRef<Link> next = rest.getFirst();
      List<ActorRef<Link>> others = List.copyOf(rest.subList(1, rest.size()));
      return next.call(l -> l.remainingMs(others)).get();
    }

    boolean passInTheEnd(
        List<ActorRef<Link>> rest, ActorRef<Gate> gate, ActorRef<Journal> journal) {
      try {
        if (rest.isEmpty()) {
          Gate.pass(gate);
          return true;
        }
        ActorRef<Link> next = rest.getFirst();
        List<ActorRef<Link>> others = List.copyOf(rest.subList(1, rest.size()));
        return next.call(l -> l.passInTheEnd(others, gate, journal)).get();
      } catch (CancellationException e) {
        journal.run(j -> j.add("cancelled with " + rest.size() + " to go")).get();
        throw e;
      }
    }
  }

  @Test
  void context_travelsThroughThreeProcesses() {
    List<ActorRef<Link>> rest = List.copyOf(links.subList(1, 3));
    ActorRef<Link> first = links.getFirst();

    ObjectRef<String> call = Tag.in("blue", () -> first.call(l -> l.tags(rest)));

    assertThat(Ends.value(call)).isEqualTo("blue blue blue");
    ObjectRef<String> without = first.call(l -> l.tags(rest));
    assertThat(Ends.value(without)).isEqualTo("none none none");
  }

  @Test
  void context_travelsThroughTasks() {
    ActorRef<Link> first = links.getFirst();
    ObjectRef<String> task =
        Tag.in(
            "red",
            () -> manta.submit(() -> Manta.current()
                .submit(() -> first.call(l -> l.tags(List.of())).get())
                .get()));

    assertThat(Ends.value(task)).isEqualTo("red");
  }

  @Test
  void deadline_travelsThroughThreeProcesses() {
    List<ActorRef<Link>> rest = List.copyOf(links.subList(1, 3));
    ActorRef<Link> hurried =
        links.getFirst().with(CallOptions.DEFAULT.deadline(Limits.TOLERANCE));

    long leftMs = Ends.value(hurried.call(l -> l.remainingMs(rest)));

    assertThat(leftMs).isBetween(1L, Limits.TOLERANCE.toMillis());
    ObjectRef<Long> without = links.getFirst().call(l -> l.remainingMs(rest));
    assertThat(Ends.value(without)).isEqualTo(-1L);
  }

  @Test
  void deadline_endsTheWholeChain() {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Journal> journal = manta.actor(Journal::new);
    List<ActorRef<Link>> rest = List.copyOf(links.subList(1, 3));
    ActorRef<Link> hurried = links.getFirst().with(CallOptions.DEFAULT.deadline(DEADLINE));

    ObjectRef<Boolean> call = hurried.call(l -> l.passInTheEnd(rest, gate, journal));

    Limits.within(DEADLINE.plus(BUSY), "the call's end", call::isDone);
    Ends.error(call, MantaException.class, Reason.DEADLINE);
    Limits.until("nobody waits", () -> Ends.value(gate.call(Gate::waiting)) == 0);
  }

  /** C10. */
  @Test
  void cancel_reachesTheEndOfTheChain() {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Journal> journal = manta.actor(Journal::new);
    List<ActorRef<Link>> rest = List.copyOf(links.subList(1, 3));
    ObjectRef<Boolean> call = links.getFirst().call(l -> l.passInTheEnd(rest, gate, journal));
    Gate.awaitReached(gate);

    call.cancel();

    Limits.within(BUSY, "the call's end", call::isDone);
    Ends.error(call, MantaException.class, Reason.CANCELLED);
    Limits.until("nobody waits", () -> Ends.value(gate.call(Gate::waiting)) == 0);
    assertThat(Journal.await(journal, 3)).containsExactlyInAnyOrder(
        "cancelled with 0 to go", "cancelled with 1 to go", "cancelled with 2 to go");
  }

  /** C10. */
  @Test
  void cancelOfThisCallAlone_letsTheOthersEnd() {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Journal> journal = manta.actor(Journal::new);
    List<ActorRef<Link>> rest = List.copyOf(links.subList(1, 3));
    ObjectRef<Boolean> call = links.getFirst().call(l -> l.passInTheEnd(rest, gate, journal));
    Gate.awaitReached(gate);

    call.cancel(CancelScope.THIS_CALL);

    Ends.error(call, MantaException.class, Reason.CANCELLED);
    assertThat(Journal.await(journal, 1)).containsExactly("cancelled with 2 to go");
    assertThat(Ends.value(gate.call(Gate::waiting))).isEqualTo(1);
    Gate.open(gate);
    Limits.until("nobody waits", () -> Ends.value(gate.call(Gate::waiting)) == 0);
    assertThat(Journal.lines(journal)).hasSize(1);
  }

  @Test
  void cancelOfATask_reachesWhatItsTasksCalled() {
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Boolean> task =
        manta.submit(() -> Manta.current().submit(() -> gate.call(Gate::pass).get()).get());
    Gate.awaitReached(gate);

    task.cancel();

    Ends.error(task, MantaException.class, Reason.CANCELLED);
    Limits.until("nobody waits", () -> Ends.value(gate.call(Gate::waiting)) == 0);
  }

  @Test
  void middleOfTheChainDies_theHeadSeesIt_andTheEndIsCancelled() {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Journal> journal = manta.actor(Journal::new);
    List<Long> kept =
        List.of(Ends.value(gate.call(Gate::pid)), Ends.value(journal.call(Journal::pid)));
    int middle = kept.contains(pids.get(1)) ? (kept.contains(pids.get(2)) ? 0 : 2) : 1;
    ActorRef<Link> first = links.get((middle + 2) % 3);
    List<ActorRef<Link>> rest = List.of(links.get(middle), links.get((middle + 1) % 3));
    ObjectRef<Boolean> call = first.call(l -> l.passInTheEnd(rest, gate, journal));
    Gate.awaitReached(gate);

    Workers.kill(pids.get(middle));

    var error = Ends.error(call, MantaException.class);
    assertThat(error).hasStackTraceContaining("SIGKILL");
    Limits.until("nobody waits", () -> Ends.value(gate.call(Gate::waiting)) == 0);
  }

  /** C9. */
  @Test
  void randomCancels_endEachTask() {
    List<ObjectRef<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      int value = i;
      tasks.add(manta.submit(() -> value));
    }
    for (int i = 0; i < 1_000; i += 20) {
      tasks.get(i).cancel();
    }

    for (int i = 0; i < 1_000; i++) {
      try {
        assertThat(Ends.value(tasks.get(i))).isEqualTo(i);
      } catch (MantaException e) {
        assertThat(e.reason()).isEqualTo(Reason.CANCELLED);
      }
    }
  }
}
