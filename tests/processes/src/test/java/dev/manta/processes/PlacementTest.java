package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;
import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.TaskOptions;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Gate;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.Notes;
import dev.manta.processes.support.Victim;
import dev.manta.processes.support.WithWorkers;
import dev.manta.processes.support.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which processes work runs, and that these start for it and end after it. */
class PlacementTest {
  private static final Duration IDLE = Duration.ofMillis(400);

  @TempDir
  private Path temporary;

  @AfterEach
  void nothingIsLeft() {
    WithWorkers.checkNothingLeft();
  }

  private static int process(ActorRef<Victim> actor) {
    return Ends.intOf(actor.call(v -> Manta.current().process()));
  }

  private static List<ActorRef<Victim>> victims(Manta manta, ActorOptions options, int count) {
    List<ActorRef<Victim>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(manta.actor(options, Victim::new));
    }
    return all;
  }

  private static Map<Integer, Integer> byProcess(List<ActorRef<Victim>> actors) {
    Map<Integer, Integer> count = new HashMap<>();
    actors.forEach(a -> count.merge(process(a), 1, Integer::sum));
    return count;
  }

  @Test
  void process_isNumberedFrom0() {
    try (Manta one = Manta.start(LocalOptions.local().processes(0));
        Manta manta = Manta.start(WithWorkers.options(1))) {
      assertThat(Ends.intOf(one.submit(() -> Manta.current().process()))).isZero();
      assertThat(one.process()).isZero();
      assertThat(manta.process()).isZero();
      assertThat(Ends.intOf(manta.submit(() -> Manta.current().process()))).isEqualTo(1);
    }
  }

  /** One starts at once, and one is kept ready then; the others come with the work. */
  @Test
  void workers_startWhenTheyAreNeeded() {
    try (Manta manta = Manta.start(WithWorkers.options(3))) {
      assertThat(Ends.intOf(manta.submit(() -> 7))).isEqualTo(7);
      Limits.until("the spare", () -> Workers.own().size() == 2);

      String folder = temporary.toString();
      List<ObjectRef<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        tasks.add(manta.submit(() -> PlacementTest.computeUntil(folder, 3)));
      }

      assertThat(new HashSet<>(manta.getAll(tasks))).hasSize(3);
      assertThat(Workers.own()).hasSizeBetween(3, 4);
    }
  }

  /** Keeps its CPU until so many processes have left a file in a folder; returns its process. */
  private static int computeUntil(String folder, int processes) throws IOException {
    int process = Manta.current().process();
    Files.writeString(Path.of(folder, Integer.toString(process)), "");
    Limits.until("all", () -> Path.of(folder).toFile().list().length == processes);
    return process;
  }

  @Test
  void actorsThatAreCreatedAtOnce_areDistributed() {
    try (Manta manta = Manta.start(WithWorkers.options(2))) {
      assertThat(byProcess(victims(manta, ActorOptions.async(), 6)).values())
          .containsExactly(3, 3);
    }
  }

  @Test
  void spreadActors_areInAllProcesses_whateverElseRunsThere() {
    try (Manta manta = WithWorkers.start(3)) {
      List<ActorRef<Gate>> others = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        others.add(manta.actor(ActorOptions.async().pack(), Gate::new));
      }

      assertThat(byProcess(victims(manta, ActorOptions.async().spread(), 6)).values())
          .containsExactly(2, 2, 2);
      assertThat(others).hasSize(5);
    }
  }

  @Test
  void packedActors_areInOneProcess_asLongAsItHasTheirCpus() {
    try (Manta manta = Manta.start(WithWorkers.options(2).cpus(4))) {
      ActorOptions packed = ActorOptions.async().pack();

      assertThat(byProcess(victims(manta, packed, 4))).hasSize(1);
      assertThat(byProcess(victims(manta, packed.cpus(1), 4)).values()).containsExactly(2, 2);
    }
  }

  @Test
  void spreadTasks_runInAllProcesses_packedOnesInOne() {
    try (Manta manta = Manta.start(WithWorkers.options(2).cpus(8))) {
      assertThat(tasks(manta, TaskOptions.DEFAULT.spread(), 8).values()).containsExactly(4, 4);
      assertThat(tasks(manta, TaskOptions.DEFAULT.pack(), 4).values()).containsExactly(4);
    }
  }

  private static Map<Integer, Integer> tasks(Manta manta, TaskOptions options, int count) {
    ActorRef<Gate> gate = Gate.closed(manta);
    List<ObjectRef<Integer>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(manta.submit(options, () -> {
        Gate.pass(gate);
        return Manta.current().process();
      }));
    }
    Limits.until("all there", () -> Ends.intOf(gate.call(Gate::waiting)) == count);
    Gate.open(gate);
    Map<Integer, Integer> byProcess = new HashMap<>();
    all.forEach(t -> byProcess.merge(Ends.value(t), 1, Integer::sum));
    return byProcess;
  }

  @Test
  void isolatedActor_hasAProcessOfItsOwn_thatEndsWithIt() {
    try (Manta manta = Manta.start(WithWorkers.options(1))) {
      ActorRef<Victim> other = manta.actor(Victim::new);
      ActorRef<Victim> alone =
          manta.actor(ActorOptions.async().isolated("-Dmine=yes", "-Xmx100m"), Victim::new);

      int process = process(alone);
      assertThat(process).isNotEqualTo(process(other));
      assertThat(Ends.<String>value(alone.call(v -> System.getProperty("mine")))).isEqualTo("yes");
      assertThat(Ends.<Long>value(alone.call(v -> Runtime.getRuntime().maxMemory())))
          .isLessThanOrEqualTo(100L << 20);
      assertThat(Ends.intOf(alone.call(v -> Ends.value(Manta.current()
          .submit(() -> Manta.current().process()))))).isNotEqualTo(process);
      assertThat(process(manta.actor(Victim::new))).isNotEqualTo(process);
      long pid = Ends.value(alone.call(Victim::pid));

      manta.kill(alone);

      Limits.until("its end", () -> ProcessHandle.of(pid).isEmpty());
      assertThat(process(other)).isPositive();
    }
  }

  @Test
  void isolatedActorThatNobodyHolds_endsWithItsProcess() {
    try (Manta manta = Manta.start(WithWorkers.options(1))) {
      long pid = pidOfDropped(manta);

      Limits.until("its end", () -> {
        System.gc();
        return ProcessHandle.of(pid).isEmpty();
      });
    }
  }

  private static long pidOfDropped(Manta manta) {
    ActorRef<Victim> alone = manta.actor(ActorOptions.async().isolated(), Victim::new);
    return Ends.value(alone.call(Victim::pid));
  }

  @Test
  void isolatedActor_livesAgainInAnotherProcessOfItsOwn() {
    try (Manta manta = Manta.start(WithWorkers.options(1))) {
      ActorRef<Victim> other = manta.actor(Victim::new);
      ActorRef<Victim> alone =
          manta.actor(
              ActorOptions.async().isolated("-Dmine=yes").maxRestarts(1), Victim::new);
      int first = process(alone);

      Workers.kill(Ends.value(alone.call(Victim::pid)));

      Limits.until("its next life", () -> {
        try {
          return process(alone) != first;
        } catch (dev.manta.MantaException e) {
          return false;
        }
      });
      assertThat(process(alone)).isNotIn(first, process(other));
      assertThat(Ends.<String>value(alone.call(v -> System.getProperty("mine")))).isEqualTo("yes");
    }
  }

  @Test
  void isolatedTasks_haveProcessesOfTheirOwn_thatEndWithThem() {
    try (Manta manta = Manta.start(WithWorkers.options(2))) {
      TaskOptions alone = TaskOptions.DEFAULT.isolated("-Dmine=yes");
      List<ObjectRef<List<Object>>> tasks = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        tasks.add(manta.submit(alone, PlacementTest::here));
      }
      tasks.add(manta.submit(() -> Manta.current()
          .<List<Object>>submit(alone, PlacementTest::here)
          .get()));
      Set<Object> pids = new HashSet<>();
      for (ObjectRef<List<Object>> task : tasks) {
        List<Object> here = Ends.value(task);
        assertThat(here.getFirst()).isEqualTo("yes");
        pids.add(here.getLast());
      }

      assertThat(pids).hasSize(4);
      Limits.until(
          "their end",
          () -> pids.stream().allMatch(pid -> ProcessHandle.of((Long) pid).isEmpty()));
    }
  }

  private static List<Object> here() {
    return List.of(System.getProperty("mine"), ProcessHandle.current().pid());
  }

  @Test
  void idleWorkers_end_butNotTheLast() {
    try (Manta manta = Manta.start(WithWorkers.options(3).idleTime(IDLE))) {
      WithWorkers.awaitAll(manta);

      Limits.until("two: the last, and the spare", () -> Workers.own().size() == 2);
      WithWorkers.awaitAll(manta);
    }
  }

  /** An idle worker that ends has the time of its drain for what the program does at the end of a JVM. */
  @Test
  void idleWorkers_endAfterTheHooksOfTheProgram() {
    Notes notes = Notes.in(temporary);
    try (Manta manta = Manta.start(WithWorkers.options(2).idleTime(IDLE))) {
      WithWorkers.awaitAll(manta);
      victims(manta, ActorOptions.async().spread(), 2).forEach(victim -> {
        Ends.value(victim.call(v -> addHook(notes)));
        manta.kill(victim);
      });

      Limits.until("the end of a worker's hook", () -> !notes.lines().isEmpty());
    }
  }

  private static boolean addHook(Notes notes) {
    Thread hook = new Thread(() -> {
      LockSupport.parkNanos(2_000_000_000L);
      notes.add("ended");
    });
    Runtime.getRuntime().addShutdownHook(hook);
    return true;
  }
}
