package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.EndlessWaitException;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.Reason;
import dev.manta.WhenFull;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Gate;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.Victim;
import dev.manta.processes.support.WithWorkers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The order of calls between processes, and their limits. */
class OrderTest {
  @RegisterExtension
  static final WithWorkers WORKERS = WithWorkers.kept(2);

  private static final int CALLS = 1_000;
  private static final int PENDING = 50_000;

  /** Notes who called. */
  static final class Log {
    private final Map<String, List<Integer>> calls = new TreeMap<>();

    int add(String caller, int number) {
      calls.computeIfAbsent(caller, c -> new ArrayList<>()).add(number);
      return number;
    }

    Map<String, List<Integer>> calls() {
      return calls;
    }
  }

  private static int callAll(ActorRef<Log> log, String caller) {
    List<ObjectRef<Integer>> refs = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      int number = i;
      refs.add(log.call(l -> l.add(caller, number)));
    }
    refs.forEach(r -> {
      var _ = r.get();
    });
    return refs.size();
  }

  private static void assertCallersInOrder(Manta manta, ActorOptions options) {
    ActorRef<Log> log = manta.actor(options, Log::new);
    List<ObjectRef<Integer>> callers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String caller = "task " + i;
      callers.add(manta.submit(() -> callAll(log, caller)));
    }
    int own = callAll(log, "driver");
    callers.forEach(Ends::value);

    Map<String, List<Integer>> calls = Ends.value(log.call(Log::calls));

    assertThat(own).isEqualTo(CALLS);
    assertThat(calls).hasSize(7);
    calls.forEach(
        (caller, numbers) -> assertThat(numbers).as(caller).hasSize(CALLS).isSorted());
  }

  /** T4. */
  @Test
  void callsOfEachProcess_startInOrder_onASerialActor(Manta manta) {
    assertCallersInOrder(manta, ActorOptions.serial());
  }

  @Test
  void callsOfEachProcess_startInOrder_onAnAsyncActor(Manta manta) {
    assertCallersInOrder(manta, ActorOptions.async());
  }

  @Test
  void callThatWaitsForARefOfAnotherWorker_isNotOvertakenOnASerialActor(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Log> log = manta.actor(ActorOptions.serial(), Log::new);
    ObjectRef<Boolean> passed = gate.call(Gate::pass);
    ObjectRef<Integer> first = log.call(l -> l.add("driver", passed.get() ? 1 : 0));
    ObjectRef<Integer> second = log.call(l -> l.add("driver", 2));
    Gate.awaitReached(gate);

    Gate.open(gate);

    Ends.value(first);
    Ends.value(second);
    assertThat(Ends.value(log.call(Log::calls)).get("driver")).containsExactly(1, 2);
  }

  /** B2. */
  @Test
  void pendingCalls_costTheirCallerLittle(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> busy = manta.actor(ActorOptions.async().maxConcurrency(100), Victim::new);
    Ends.value(busy.call(Victim::next));
    List<ObjectRef<Integer>> calls = new ArrayList<>(PENDING);
    long usedBefore = usedBytes();
    long startNs = System.nanoTime();
    for (int i = 0; i < PENDING; i++) {
      calls.add(busy.call(v -> v.nextAfter(gate)));
    }
    Duration took = Duration.ofNanos(System.nanoTime() - startNs);
    long bytesOfEach = (usedBytes() - usedBefore) / PENDING;

    Gate.open(gate);
    calls.forEach(Ends::value);

    assertThat(took).isLessThan(Limits.TOLERANCE);
    assertThat(bytesOfEach).isLessThan(1024);
  }

  private static long usedBytes() {
    System.gc();
    Runtime vm = Runtime.getRuntime();
    return vm.totalMemory() - vm.freeMemory();
  }

  /** B1. */
  @Test
  void limitOfPendingCalls_refuses_andGivesRoomAgain(Manta manta) {
    ActorRef<Gate> gate =
        manta.actor(
            ActorOptions.async().maxPendingCalls(10).whenFull(WhenFull.REFUSE), Gate::new);
    List<ObjectRef<Boolean>> waiting = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      waiting.add(gate.call(Gate::pass));
    }
    ObjectRef<Boolean> tenth = gate.call(Gate::reached);
    Ends.value(tenth);
    waiting.add(gate.call(Gate::pass));

    Ends.error(gate.call(Gate::pass), NotExecutedException.class, Reason.PENDING_LIMIT);

    ActorRef<Gate> same = gate;
    ObjectRef<String> fromATask =
        manta.submit(() -> {
          try {
            return "took it: " + same.call(Gate::pass).get(Duration.ofSeconds(2));
          } catch (NotExecutedException e) {
            return e.reason().toString();
          }
        });
    assertThat(Ends.value(fromATask)).isEqualTo("PENDING_LIMIT");
    waiting.getFirst().cancel();
    ObjectRef<Boolean> free = gate.callWhenRoom(g -> {
      g.open();
      return true;
    });
    assertThat(Ends.value(free)).isTrue();
    waiting.subList(1, 10).forEach(Ends::value);
  }
}
