package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.Reason;
import dev.manta.TaskFailedException;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Gate;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.Victim;
import dev.manta.processes.support.WithWorkers;
import dev.manta.processes.support.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Refs, handles and futures that go from process to process. */
class PassingTest {
  @RegisterExtension
  static final WithWorkers WORKERS = WithWorkers.kept(3);

  /** A ref inside a value. */
  record Boxed(ObjectRef<Integer> ref, String label) {}

  /** Hands things out and on. */
  static final class Broker {
    private final List<ObjectRef<Integer>> kept = new ArrayList<>();

    long pid() {
      return ProcessHandle.current().pid();
    }

    Boxed start(int value) {
      return new Boxed(Manta.current().submit(() -> value), "started");
    }

    Boxed boxed(ActorRef<Gate> gate, int value) {
      return new Boxed(
          Manta.current().submit(() -> {
            Gate.pass(gate);
            return value;
          }), "boxed");
    }

    int unbox(Boxed box) {
      return box.ref().get();
    }

    int sum(List<ObjectRef<Integer>> refs) {
      return refs.stream().mapToInt(ObjectRef::get).sum();
    }

    int keep(Boxed box) {
      kept.add(box.ref());
      return kept.size();
    }

    int kept() {
      return kept.stream().mapToInt(ObjectRef::get).sum();
    }

    int plus(int a, int b) {
      return a + b;
    }

    Boxed failing() {
      return new Boxed(
          Manta.current().submit(() -> {
            throw new IllegalStateException("it failed over there");
          }), "failing");
    }

    ActorRef<Victim> child() {
      return Manta.current().actor(Victim::new);
    }

    CompletionStage<Integer> stage(ActorRef<Gate> gate) {
      return gate.call(Gate::pass).thenApply(passed -> 7);
    }

    int use(ActorRef<Victim> victim) {
      return victim.call(Victim::next).get();
    }
  }

  private static List<ActorRef<Broker>> brokers(Manta manta) {
    List<ActorRef<Broker>> brokers = new ArrayList<>();
    List<Long> pids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ActorRef<Broker> broker = manta.actor(Broker::new);
      brokers.add(broker);
      pids.add(Ends.value(broker.call(Broker::pid)));
    }
    assertThat(pids).doesNotHaveDuplicates();
    return brokers;
  }

  @Test
  void capturedRefOfAnotherWorker_isADependency(Manta manta) {
    List<ActorRef<Broker>> b = brokers(manta);
    ObjectRef<Integer> first = b.get(0).call(x -> x.plus(1, 2));
    ObjectRef<Integer> second = b.get(1).call(x -> x.plus(first.get(), 10));

    ObjectRef<Integer> third = b.get(2).call(x -> x.plus(first.get(), second.get()));

    assertThat(Ends.value(third)).isEqualTo(16);
  }

  @Test
  void refAsAResult_isReadByTheDriver(Manta manta) {
    ObjectRef<Integer> inner = Ends.value(brokers(manta).getFirst().call(x -> x.start(5))).ref();

    assertThat(Ends.value(inner)).isEqualTo(5);
  }

  @Test
  void refOfOneWorkersTask_isReadByAnother(Manta manta) {
    List<ActorRef<Broker>> b = brokers(manta);
    ObjectRef<Integer> inner = Ends.value(b.get(0).call(x -> x.start(5))).ref();

    assertThat(Ends.intOf(b.get(1).call(x -> x.plus(inner.get(), 1)))).isEqualTo(6);
  }

  @Test
  void nestedRef_travelsAsARef_throughThreeProcesses(Manta manta) {
    List<ActorRef<Broker>> b = brokers(manta);
    ActorRef<Gate> gate = Gate.closed(manta);
    Boxed box = Ends.value(b.get(0).call(x -> x.boxed(gate, 8)));
    assertThat(box.ref().isDone()).isFalse();
    ObjectRef<Integer> opened = b.get(1).call(x -> x.unbox(box));
    assertThat(Ends.intOf(b.get(2).call(x -> x.keep(box)))).isEqualTo(1);

    Gate.open(gate);

    assertThat(Ends.value(opened)).isEqualTo(8);
    assertThat(Ends.value(b.get(2).call(Broker::kept))).isEqualTo(8);
  }

  @Test
  void listOfRefs_ofAllProcesses(Manta manta) {
    List<ActorRef<Broker>> b = brokers(manta);
    List<ObjectRef<Integer>> refs = new ArrayList<>();
    refs.add(manta.put(1));
    refs.add(manta.submit(() -> 2));
    for (int i = 0; i < 3; i++) {
      int value = 3 + i;
      refs.add(b.get(i).call(x -> x.plus(value, 0)));
    }
    List<ObjectRef<Integer>> all = List.copyOf(refs);

    for (ActorRef<Broker> broker : b) {
      assertThat(Ends.intOf(broker.call(x -> x.sum(all)))).isEqualTo(15);
    }
  }

  @Test
  void failedRefOfAnotherWorker_failsTheDependentNotExecuted(Manta manta) {
    List<ActorRef<Broker>> b = brokers(manta);
    ObjectRef<Integer> failed = Ends.value(b.get(0).call(Broker::failing)).ref();

    ObjectRef<Integer> dependent = b.get(1).call(x -> x.plus(failed.get(), 1));

    var error = Ends.error(dependent, NotExecutedException.class, Reason.DEPENDENCY_FAILED);
    assertThat(error).hasRootCauseMessage("it failed over there");
  }

  @Test
  void handle_ofAnActorCreatedInAWorker_worksEverywhere(Manta manta) {
    List<ActorRef<Broker>> b = brokers(manta);
    ActorRef<Victim> child = Ends.value(b.get(0).call(Broker::child));

    assertThat(Ends.value(child.call(Victim::next))).isEqualTo(1);
    assertThat(Ends.intOf(b.get(1).call(x -> x.use(child)))).isEqualTo(2);
    assertThat(Ends.intOf(b.get(2).call(x -> x.use(child)))).isEqualTo(3);
    assertThat(Ends.intOf(b.get(0).call(x -> x.use(child)))).isEqualTo(4);
    assertThat(Ends.value(manta.submit(() -> child.call(Victim::next).get()))).isEqualTo(5);
  }

  @Test
  void handle_ofAnActorCreatedInATask_worksEverywhere(Manta manta) {
    ActorRef<Victim> child =
        Ends.value(manta.submit(() -> Manta.current().<Victim>actor(Victim::new)));

    assertThat(Ends.value(child.call(Victim::next))).isEqualTo(1);
    assertThat(Ends.intOf(brokers(manta).getLast().call(x -> x.use(child)))).isEqualTo(2);
  }

  @Test
  void stageOfAnActor_completesTheDriversRef(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Integer> call = brokers(manta).getFirst().callAsync(x -> x.stage(gate));
    Gate.awaitReached(gate);
    CompletableFuture<Integer> future = call.toCompletableFuture();
    assertThat(future).isNotDone();

    Gate.open(gate);

    assertThat(future).succeedsWithin(Limits.TOLERANCE).isEqualTo(7);
  }

  @Test
  void tasksInsideTasks_threeDeep(Manta manta) {
    ObjectRef<Integer> task =
        manta.submit(() -> {
          ObjectRef<Integer> inner =
              Manta.current().submit(() -> {
                ObjectRef<Integer> innermost = Manta.current().submit(() -> 1);
                return innermost.get() + 10;
              });
          return inner.get() + 100;
        });

    assertThat(Ends.value(task)).isEqualTo(111);
  }

  @Test
  void moreWaitingTasksThanCpus_end(Manta manta) {
    List<ObjectRef<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      tasks.add(
          manta.submit(() -> {
            ObjectRef<Integer> inner = Manta.current().submit(() -> 1);
            return inner.get() + 1;
          }));
    }

    tasks.forEach(t -> assertThat(Ends.value(t)).isEqualTo(2));
  }

  @Test
  void refOfADeadWorkersTask_ends(Manta manta) {
    List<ActorRef<Broker>> b = brokers(manta);
    ActorRef<Gate> gate = Gate.closed(manta);
    long pid = Ends.value(b.get(0).call(Broker::pid));
    Boxed box = Ends.value(b.get(0).call(x -> x.boxed(gate, 8)));
    ObjectRef<Integer> reader = b.get(1).call(x -> x.unbox(box));

    Workers.kill(pid);

    Ends.error(box.ref(), dev.manta.MantaException.class, Reason.OWNER_DIED);
    var error = Ends.error(reader, TaskFailedException.class);
    assertThat(error.getCause()).isInstanceOfSatisfying(
        dev.manta.MantaException.class,
        e -> assertThat(e.reason()).isEqualTo(Reason.OWNER_DIED));
  }

  @Test
  void handleOfADeadActor_saysSoInAnotherProcess(Manta manta) {
    List<ActorRef<Broker>> b = brokers(manta);
    ActorRef<Victim> dead = manta.actor(Victim::new);
    Ends.value(dead.call(Victim::next));
    manta.kill(dead);

    ObjectRef<Integer> call = b.getFirst().call(x -> x.use(dead));

    var error = Ends.error(call, TaskFailedException.class);
    assertThat(error).hasCauseInstanceOf(NotExecutedException.class);
  }

  // ---- names

  @Test
  void actorNamedByAWorker_isFoundByTheDriverAndOthers(Manta manta) {
    ObjectRef<Integer> created =
        manta.submit(() -> {
          ActorRef<Victim> named =
              Manta.current().actor(ActorOptions.named("of a worker").detached(), Victim::new);
          return named.call(Victim::next).get();
        });
    assertThat(Ends.value(created)).isEqualTo(1);

    Optional<ActorRef<Victim>> found = manta.find("of a worker", Victim.class);

    assertThat(Ends.value(found.orElseThrow().call(Victim::next))).isEqualTo(2);
    ObjectRef<Integer> other =
        manta.submit(() -> Manta.current()
            .find("of a worker", Victim.class)
            .orElseThrow()
            .call(Victim::next)
            .get());
    assertThat(Ends.value(other)).isEqualTo(3);
    manta.kill(found.orElseThrow());
  }

  /** N1. */
  @Test
  void getOrCreate_ofAllWorkersAtOnce_createsOne(Manta manta) {
    List<ObjectRef<Integer>> counts = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      counts.add(
          manta.submit(() -> Manta.current()
              .<Victim>getOrCreate(ActorOptions.named("shared").detached(), Victim::new)
              .call(Victim::next)
              .get()));
    }

    List<Integer> all = counts.stream().map(Ends::value).sorted().toList();

    assertThat(all).hasSize(30).doesNotHaveDuplicates().endsWith(30);
    manta.kill(manta.find("shared", Victim.class).orElseThrow());
  }

  @Test
  void takenName_isRefusedInAWorker(Manta manta) {
    ActorRef<Victim> taken = manta.actor(ActorOptions.named("taken"), Victim::new);
    Ends.value(taken.call(Victim::next));

    ObjectRef<Boolean> task =
        manta.submit(() -> {
          Manta.current().actor(ActorOptions.named("taken"), Victim::new);
          return true;
        });

    assertThat(Ends.error(task, TaskFailedException.class))
        .hasCauseInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("taken");
    assertThat(Ends.value(taken.call(Victim::next))).isEqualTo(2);
  }

  /** N2. */
  @Test
  void deadActor_freesItsName_inThousandRounds(Manta manta) {
    for (int i = 0; i < 1_000; i++) {
      ActorRef<Victim> named = manta.actor(ActorOptions.named("again"), Victim::new);
      manta.kill(named);
    }

    assertThat(manta.find("again", Victim.class)).isEmpty();
    Limits.until("no actor left", () -> manta.stats().actors().isEmpty());
  }

  @Test
  void actorKilledByItsProcess_freesItsName(Manta manta) {
    ActorRef<Victim> named = manta.actor(ActorOptions.named("mortal"), Victim::new);
    long pid = Ends.value(named.call(Victim::pid));

    Workers.kill(pid);

    Limits.until("the name is free", () -> manta.find("mortal", Victim.class).isEmpty());
    ActorRef<Victim> next = manta.actor(ActorOptions.named("mortal"), Victim::new);
    assertThat(Ends.value(next.call(Victim::next))).isEqualTo(1);
  }
}
