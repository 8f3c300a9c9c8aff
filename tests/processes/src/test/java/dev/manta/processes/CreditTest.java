package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.WhenFull;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Gate;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.WithWorkers;
import dev.manta.processes.support.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** B1, CONTRACT 6: the limit of pending calls holds over the callers of all processes. */
class CreditTest {
  private static final int LIMIT = 10;
  private static final int CALLERS = 3;
  private static final int CALLS = 40;

  @RegisterExtension
  static final WithWorkers WORKERS = WithWorkers.kept(CALLERS + 1);

  /** Has calls that stay, and knows how many of them it had at once. */
  static final class Desk {
    private final Map<String, List<Integer>> order = new TreeMap<>();
    private int now;
    private int most;

    int stay(ActorRef<Gate> gate) {
      most = Math.max(most, ++now);
      Gate.pass(gate);
      now--;
      return 1;
    }

    int note(String caller, int number) {
      order.computeIfAbsent(caller, c -> new ArrayList<>()).add(number);
      return number;
    }

    Map<String, List<Integer>> order() {
      return order;
    }

    int most() {
      return most;
    }

    long pid() {
      return ProcessHandle.current().pid();
    }
  }

  /** Calls the desk from its own process. */
  static final class Caller {
    private final List<ObjectRef<Integer>> refs = new ArrayList<>();

    long pid() {
      return ProcessHandle.current().pid();
    }

    /** Waits for room for each call. */
    int stay(ActorRef<Desk> desk, ActorRef<Gate> gate, int calls) {
      for (int i = 0; i < calls; i++) {
        refs.add(desk.callWhenRoom(d -> d.stay(gate)));
      }
      return Manta.current().getAll(refs).stream().mapToInt(n -> n).sum();
    }

    int stay(ActorRef<Desk> desk, ActorRef<Gate> gate, int calls, byte[] bytes) {
      for (int i = 0; i < calls; i++) {
        refs.add(desk.callWhenRoom(d -> d.stay(gate) + bytes.length));
      }
      return Manta.current().getAll(refs).size();
    }

    int note(ActorRef<Desk> desk, String name, int calls) {
      for (int i = 0; i < calls; i++) {
        int number = i;
        refs.add(desk.callWhenRoom(d -> d.note(name, number)));
      }
      return Manta.current().getAll(refs).size();
    }

    /** How many of its calls have been taken, or wait in this process without a thread. */
    int submitted() {
      return refs.size();
    }

    String refused(ActorRef<Desk> desk) {
      try {
        desk.call(d -> d.note("refused", 0)).get();
        return "no";
      } catch (NotExecutedException e) {
        return e.reason().toString();
      }
    }
  }

  /** A caller in each process but that of the desk. */
  private static List<ActorRef<Caller>> callers(Manta manta, ActorRef<Desk> desk) {
    long pid = Ends.value(desk.call(Desk::pid));
    List<ActorRef<Caller>> callers = new ArrayList<>();
    List<Long> pids = new ArrayList<>(List.of(pid));
    while (callers.size() < CALLERS) {
      ActorRef<Caller> caller = manta.actor(Caller::new);
      long own = Ends.value(caller.call(Caller::pid));
      if (!pids.contains(own)) {
        pids.add(own);
        callers.add(caller);
      }
    }
    return callers;
  }

  private static String refused(ActorRef<Caller> caller, ActorRef<Desk> desk) {
    ObjectRef<String> answer = caller.call(c -> c.refused(desk));
    return Ends.value(answer);
  }

  private static long pending(Manta manta) {
    return manta.stats()
        .actors()
        .stream()
        .filter(a -> a.actor().startsWith("Desk"))
        .mapToLong(a -> a.pending())
        .sum();
  }

  @Test
  void callersOfThreeProcesses_togetherKeepTheLimits(Manta manta) {
    keepTheLimitOfCalls(manta);
    keepTheLimitOfBytes(manta);
  }

  private static void keepTheLimitOfCalls(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(ActorOptions.async().maxPendingCalls(LIMIT), Desk::new);
    List<ObjectRef<Integer>> sums = new ArrayList<>();
    List<ActorRef<Caller>> callers = callers(manta, desk);
    for (ActorRef<Caller> caller : callers) {
      sums.add(caller.call(c -> c.stay(desk, gate, CALLS)));
    }
    Limits.until("the desk is full", () -> Ends.intOf(gate.call(Gate::waiting)) == LIMIT);
    for (ActorRef<Caller> caller : callers) {
      assertThat(Ends.intOf(caller.call(Caller::submitted))).isLessThanOrEqualTo(LIMIT);
    }
    assertThat(pending(manta)).isEqualTo(LIMIT);

    Gate.open(gate);

    sums.forEach(sum -> assertThat(Ends.intOf(sum)).isEqualTo(CALLS));
    assertThat(Ends.intOf(desk.call(Desk::most))).isEqualTo(LIMIT);
    Limits.until("nothing is pending", () -> pending(manta) == 0);
  }

  private static void keepTheLimitOfBytes(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(ActorOptions.async().maxPendingBytes(50_000), Desk::new);
    List<ObjectRef<Integer>> sums = new ArrayList<>();
    byte[] bytes = new byte[9_000];
    for (ActorRef<Caller> caller : callers(manta, desk)) {
      sums.add(caller.call(c -> c.stay(desk, gate, CALLS, bytes)));
    }
    Limits.until("the desk is full", () -> Ends.intOf(gate.call(Gate::waiting)) == 5);

    Gate.open(gate);

    sums.forEach(sum -> assertThat(Ends.intOf(sum)).isEqualTo(CALLS));
    assertThat(Ends.intOf(desk.call(Desk::most))).isEqualTo(5);
    Limits.until("nothing is pending", () -> pending(manta) == 0);
  }

  /** CONTRACT 4: calls that come back for lack of room keep their order, and nobody starves. */
  @Test
  void callsThatWaitForRoom_keepTheOrderOfTheirHandle(Manta manta) {
    for (ActorOptions options : List.of(ActorOptions.serial(), ActorOptions.async())) {
      ActorRef<Desk> desk = manta.actor(options.maxPendingCalls(5), Desk::new);
      List<ObjectRef<Integer>> done = new ArrayList<>();
      for (ActorRef<Caller> caller : callers(manta, desk)) {
        String name = "caller " + done.size();
        done.add(caller.call(c -> c.note(desk, name, 1_000)));
      }

      done.forEach(n -> assertThat(Ends.intOf(n)).isEqualTo(1_000));

      Map<String, List<Integer>> order = Ends.value(desk.call(Desk::order));
      assertThat(order).hasSize(CALLERS);
      order.forEach((caller, numbers) -> assertThat(numbers).as(caller).hasSize(1_000).isSorted());
    }
  }

  /** What other processes have had, and do not need any more, refuses nothing. */
  @Test
  void roomThatAnotherProcessHadNeededBefore_isThereForAll(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(ActorOptions.async().maxPendingCalls(LIMIT), Desk::new);
    List<ActorRef<Caller>> callers = callers(manta, desk);
    ObjectRef<Integer> sum = callers.get(0).call(c -> c.stay(desk, gate, CALLS));
    Limits.until("the desk is full", () -> Ends.intOf(gate.call(Gate::waiting)) == LIMIT);
    ActorRef<Caller> other = callers.get(1);

    assertThat(refused(other, desk)).isEqualTo("PENDING_LIMIT");

    Gate.open(gate);
    assertThat(Ends.intOf(sum)).isEqualTo(CALLS);
    Limits.until("nothing is pending", () -> pending(manta) == 0);
    ObjectRef<Integer> all =
        callers.get(2).call(c -> c.stay(desk, gate, LIMIT));
    assertThat(Ends.intOf(all)).isEqualTo(LIMIT);
    Limits.until("nothing is pending", () -> pending(manta) == 0);
    assertThat(refused(other, desk)).isEqualTo("no");
    assertThat(refused(callers.get(0), desk)).isEqualTo("no");
    List<ObjectRef<Integer>> own = new ArrayList<>();
    ActorRef<Gate> second = Gate.closed(manta);
    for (int i = 0; i < LIMIT; i++) {
      own.add(
          desk.with(CallOptions.DEFAULT.whenFull(WhenFull.REFUSE)).call(d -> d.stay(second)));
    }
    Gate.open(second);
    own.forEach(Ends::value);
  }

  /** What a dead caller had, and was waiting for, is there for the others. */
  @Test
  void deathOfCallersThatWait_givesTheirRoomBack(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Gate> never = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(ActorOptions.async().maxPendingCalls(LIMIT), Desk::new);
    long gates = Ends.value(gate.call(Gate::pid));
    long nevers = Ends.value(never.call(Gate::pid));
    List<ActorRef<Caller>> callers = callers(manta, desk);
    ActorRef<Caller> first =
        callers.stream()
            .filter(c -> !List.of(gates, nevers).contains(Ends.value(c.call(Caller::pid))))
            .findFirst()
            .orElseThrow();
    callers.remove(first);
    ObjectRef<Integer> own = desk.call(d -> d.stay(never));
    Gate.awaitReached(never);
    ObjectRef<Integer> lost = first.call(c -> c.stay(desk, never, CALLS));
    Limits.until("the desk is full", () -> Ends.intOf(never.call(Gate::waiting)) == LIMIT);
    List<ObjectRef<Integer>> sums = new ArrayList<>();
    for (ActorRef<Caller> caller : callers) {
      sums.add(caller.call(c -> c.stay(desk, gate, CALLS)));
    }

    Workers.kill(Ends.value(first.call(Caller::pid)));

    assertThat(Ends.error(lost, RuntimeException.class)).isNotNull();
    Limits.until("the others come", () -> Ends.intOf(gate.call(Gate::waiting)) == LIMIT - 1);
    Gate.open(gate);
    sums.forEach(sum -> assertThat(Ends.intOf(sum)).isEqualTo(CALLS));
    Gate.open(never);
    assertThat(Ends.intOf(own)).isEqualTo(1);
    Limits.until("nothing is pending", () -> pending(manta) == 0);
  }

  /** Calls that wait for room when the actor's process dies go to its next life. */
  @Test
  void deathOfTheActorsProcess_callsThatWaitGoToItsNextLife(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    long gates = Ends.value(gate.call(Gate::pid));
    ActorOptions options =
        ActorOptions.async().maxPendingCalls(LIMIT).maxRestarts(1).retries(1);
    ActorRef<Desk> desk = manta.actor(options, Desk::new);
    long pid = Ends.value(desk.call(Desk::pid));
    assertThat(pid).isNotEqualTo(gates);
    List<ActorRef<Caller>> callers = callers(manta, desk);
    List<ObjectRef<Integer>> sums = new ArrayList<>();
    for (ActorRef<Caller> caller : callers) {
      sums.add(caller.call(c -> c.stay(desk, gate, CALLS)));
    }
    Limits.until("the desk is full", () -> Ends.intOf(gate.call(Gate::waiting)) == LIMIT);

    Workers.kill(pid);

    Gate.open(gate);
    sums.forEach(sum -> assertThat(Ends.intOf(sum)).isEqualTo(CALLS));
    assertThat(Ends.intOf(desk.call(Desk::most))).isLessThanOrEqualTo(LIMIT);
  }

  /** Outside actors the caller parks, also where others have taken the room. */
  @Test
  void callerOutside_parks_whileOtherProcessesHaveTheRoom(Manta manta) throws Exception {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(ActorOptions.async().maxPendingCalls(LIMIT), Desk::new);
    ActorRef<Caller> other = callers(manta, desk).get(0);
    ObjectRef<Integer> sum = other.call(c -> c.stay(desk, gate, CALLS));
    Limits.until("the desk is full", () -> Ends.intOf(gate.call(Gate::waiting)) == LIMIT);
    CompletableFuture<Integer> done = new CompletableFuture<>();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  int ended = 0;
                  List<ObjectRef<Integer>> refs = new ArrayList<>();
                  for (int i = 0; i < CALLS; i++) {
                    refs.add(desk.call(d -> d.stay(gate)));
                  }
                  for (ObjectRef<Integer> ref : refs) {
                    ended += Ends.intOf(ref);
                  }
                  done.complete(ended);
                });
    Limits.until("the caller parks", () -> caller.getState() == Thread.State.WAITING);
    assertThat(pending(manta)).isEqualTo(LIMIT);

    Gate.open(gate);

    caller.join();
    assertThat(done).isCompletedWithValue(CALLS);
    assertThat(Ends.intOf(sum)).isEqualTo(CALLS);
    assertThat(Ends.intOf(desk.call(Desk::most))).isEqualTo(LIMIT);
  }
}
