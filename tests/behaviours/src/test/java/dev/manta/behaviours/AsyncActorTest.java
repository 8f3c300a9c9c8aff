package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.WithManta;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the calls of an async actor run together: turns, await points, limits. */
@ExtendWith(WithManta.class)
class AsyncActorTest {

  /** A1: three calls that wait for each other inside the actor all return the same list. */
  @Test
  void callsThatWaitForEachOtherMeet(Manta manta) {
    ActorRef<Meeting> meeting = manta.actor(() -> new Meeting(3));

    List<ObjectRef<List<String>>> lists =
        List.of(
            meeting.call(m -> m.join("a")),
            meeting.call(m -> m.join("b")),
            meeting.call(m -> m.join("c")));

    assertThat(manta.getAll(lists)).containsOnly(List.of("a", "b", "c"));
  }

  /** A2, CONTRACT 5: no update is lost, with two kinds of calls and no lock. */
  @Test
  void neverTwoCallsAtOnce(Manta manta) {
    ActorRef<Unlocked> actor = manta.actor(Unlocked::new);

    List<ObjectRef<Void>> calls = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      calls.add(i % 2 == 0 ? actor.run(Unlocked::add) : actor.run(Unlocked::addTwiceAndSuspend));
    }
    manta.getAll(calls);

    assertThat(actor.call(a -> a.count).get()).isEqualTo(3_000);
    assertThat(actor.call(a -> a.overlaps).get()).isZero();
  }

  /** A2, CONTRACT 5: nor a call and the continuations, blocking code's ends and turns of others. */
  @Test
  void neverTwoPiecesOfTurnCodeAtOnce(Manta manta) {
    ActorRef<Unlocked> actor = manta.actor(Unlocked::new);

    List<ObjectRef<Void>> calls =
        IntStream.range(0, 1_000)
            .mapToObj(i -> actor.<Void>callAsync(a -> a.addInEveryWay()))
            .toList();
    manta.getAll(calls);

    assertThat(actor.call(a -> a.count).get()).isEqualTo(6_000);
    assertThat(actor.call(a -> a.overlaps).get()).isZero();
  }

  /** A3, CONTRACT 6: the slot of a suspended call is not given to another. */
  @Test
  void maxConcurrency1_aSuspendedCallEndsBeforeTheNextStarts(Manta manta) {
    ActorRef<Log> log = manta.actor(ActorOptions.async().maxConcurrency(1), Log::new);

    manta.getAll(IntStream.range(0, 10).mapToObj(i -> log.run(Log::startYieldEnd)).toList());

    assertThat(log.call(l -> List.copyOf(l.lines)).get())
        .isEqualTo(IntStream.range(0, 20).mapToObj(i -> i % 2 == 0 ? "start" : "end").toList());
  }

  /** A3's other side: with room for all, the calls do interleave at their await points. */
  @Test
  void maxConcurrency10_suspendedCallsLetOthersStart(Manta manta) {
    ActorRef<Log> log = manta.actor(ActorOptions.async().maxConcurrency(10), Log::new);

    List<String> lines =
        log.call(
            l -> {
              ActorRef<Log> self = Manta.self();
              Manta.current()
                  .getAll(
                      IntStream.range(0, 9).mapToObj(i -> self.run(Log::startYieldEnd)).toList());
              return List.copyOf(l.lines);
            })
            .get();

    assertThat(lines.subList(0, 2)).containsExactly("start", "start");
  }

  /** A4: a hundred thousand calls inside cost no platform threads. */
  @Test
  void maxConcurrency100000_takesNoPlatformThreads(Manta manta) {
    int platformThreads = ManagementFactory.getThreadMXBean().getThreadCount();
    ActorRef<Meeting> meeting =
        manta.actor(
            ActorOptions.async().maxConcurrency(100_000).maxPendingCalls(200_000),
            () -> new Meeting(100_000));

    List<ObjectRef<Integer>> waiting =
        IntStream.range(0, 99_999).mapToObj(i -> meeting.call(Meeting::joinUnnamed)).toList();
    ObjectRef<Integer> threads =
        meeting.call(
            m -> {
              int count = ManagementFactory.getThreadMXBean().getThreadCount();
              m.joinUnnamed();
              return count;
            });

    assertThat(threads.get()).isLessThan(platformThreads + 100);
    assertThat(Set.copyOf(manta.getAll(waiting))).containsExactly(100_000);
    assertThat(manta.stats().actors().getFirst().peakStarted()).isEqualTo(100_000);
  }

  /** A5: a plain get of another actor's ref suspends the call alone, not the actor. */
  @Test
  void getInsideACall_letsOtherCallsRun(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Unlocked> actor = manta.actor(Unlocked::new);
    ObjectRef<Boolean> waiting = actor.call(a -> gate.call(Gate::pass).get());
    Gate.awaitReached(gate);

    actor.run(Unlocked::add).get();

    assertThat(waiting.isDone()).isFalse();
    Gate.open(gate);
    assertThat(waiting.get()).isTrue();
  }

  /** A5: the same for a get with a time limit, a wait and an await of the ref. */
  @ParameterizedTest
  @ValueSource(strings = {"get(timeout)", "wait", "await", "asCompleted", "getAll", "blocking"})
  void otherWaitsInsideACall_letOtherCallsRun(String kind, Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Waiting> actor = manta.actor(Waiting::new);
    ObjectRef<Boolean> waiting = actor.call(a -> a.waitAt(gate, kind));
    Gate.awaitReached(gate);

    actor.call(Waiting::ping).get();

    assertThat(waiting.isDone()).isFalse();
    Gate.open(gate);
    assertThat(waiting.get()).isTrue();
  }

  /** A12: a limit of no calls is refused where the options are made. */
  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void maxConcurrency_notPositive_isRefused(int calls) {
    assertThatThrownBy(() -> ActorOptions.async().maxConcurrency(calls))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxConcurrency")
        .hasMessageContaining(String.valueOf(calls));
  }

  /** A12: an async actor can't be asked for the strict order of a serial one. */
  @Test
  void outOfOrder_switchedOffOnAnAsyncActor_isRefused() {
    assertThatThrownBy(() -> ActorOptions.async().outOfOrder(false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("serial()");
  }

  /** Lets its callers through when all have come. */
  static final class Meeting {
    private final int expected;
    private final List<String> names = new ArrayList<>();
    private final CompletableFuture<Boolean> complete = new CompletableFuture<>();
    private int joined;

    Meeting(int expected) {
      this.expected = expected;
    }

    List<String> join(String name) {
      names.add(name);
      joinUnnamed();
      return names;
    }

    int joinUnnamed() {
      if (++joined == expected) {
        complete.complete(true);
      }
      Manta.await(complete);
      return joined;
    }
  }

  /** Loses updates and notices the overlap if two calls ever run at once. */
  static final class Unlocked {
    int count;
    int overlaps;
    private boolean busy;

    @SuppressWarnings("ThreadPriorityCheck") // invites an overlap
    void add() {
      if (busy) {
        overlaps++;
      }
      busy = true;
      int next = count + 1;
      Thread.yield();
      count = next;
      busy = false;
    }

    void addTwiceAndSuspend() {
      add();
      Manta.yield();
      add();
    }

    /** Six times. */
    CompletionStage<Void> addInEveryWay() throws Exception {
      add();
      Manta.blocking(() -> true);
      add();
      ObjectRef<Integer> task = Manta.current().submit(() -> 1);
      CompletionStage<Void> continued = task.thenAccept(one -> add()).thenRun(this::add);
      CompletionStage<Void> onTurn =
          Manta.onTurn(CompletableFuture.supplyAsync(() -> 1)).thenAccept(one -> add());
      CompletionStage<Void> turn = CompletableFuture.runAsync(this::add, Manta.turn());
      return CompletableFuture.allOf(
          continued.toCompletableFuture(),
          onTurn.toCompletableFuture(),
          turn.toCompletableFuture());
    }
  }

  /** Writes down how its calls interleave. */
  static final class Log {
    final List<String> lines = new ArrayList<>();

    void startYieldEnd() {
      lines.add("start");
      Manta.yield();
      lines.add("end");
    }
  }

  /** Waits at a gate in every way there is. */
  static final class Waiting {
    boolean waitAt(ActorRef<Gate> gate, String kind) throws Exception {
      ObjectRef<Boolean> passed = gate.call(Gate::pass);
      Manta manta = Manta.current();
      Duration hour = Duration.ofHours(1);
      return switch (kind) {
        case "get(timeout)" -> passed.get(hour);
        case "wait" -> manta.wait(List.of(passed), 1, hour).ready().getFirst().get();
        case "await" -> Manta.await(passed);
        case "asCompleted" -> manta.asCompleted(List.of(passed)).toList().getFirst().get();
        case "getAll" -> manta.getAll(List.of(passed)).getFirst();
        case "blocking" -> Manta.blocking(passed::get);
        default -> throw new AssertionError(kind);
      };
    }

    boolean ping() {
      return true;
    }
  }
}
