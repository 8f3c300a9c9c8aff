package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.EndlessWaitException;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.Reason;
import dev.manta.TaskFailedException;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.OneProcess;
import dev.manta.behaviours.support.WithManta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waits that could never end are errors, and full actors don't lock up. */
@ExtendWith(WithManta.class)
class EndlessWaitsTest {

  /** T5: an async actor of one call at once that awaits its own next call fails at once. */
  @ParameterizedTest
  @ValueSource(strings = {"get", "get(timeout)", "await", "getAll", "wait", "asCompleted"})
  void maxConcurrency1_selfCallAwaited_fails(String kind, Manta manta) {
    ActorRef<Chain> chain =
        manta.actor(ActorOptions.named("chain").maxConcurrency(1), Chain::new);

    ObjectRef<Integer> call = chain.call(c -> c.waitForMyself(kind));

    assertThatThrownBy(call::get)
        .isInstanceOf(TaskFailedException.class)
        .cause()
        .isInstanceOf(EndlessWaitException.class)
        .hasMessageContaining("ping")
        .hasMessageContaining("chain");
    assertThat(chain.call(Chain::ping).get()).isEqualTo(1);
  }

  /** T5: three started calls that each await one queued behind them: the newest waiter fails. */
  @Test
  void allStartedCallsAwaitQueuedOnes_theNewestFails(Manta manta) {
    ActorRef<Chain> chain = manta.actor(ActorOptions.async().maxConcurrency(3), Chain::new);

    List<ObjectRef<Integer>> calls =
        IntStream.range(0, 3).mapToObj(i -> chain.call(c -> c.meetAndWaitForMyself(i))).toList();

    List<String> ends = calls.stream().map(EndlessWaitsTest::end).toList();
    List<Integer> waiters = chain.call(c -> List.copyOf(c.waiters)).get();
    assertThat(ends).containsOnlyOnce("EndlessWaitException");
    assertThat(ends.indexOf("EndlessWaitException")).isEqualTo(waiters.getLast());
    assertThat(ends).filteredOn("1"::equals).hasSize(2);
  }

  /** T5: the chain may lead through another actor; it is named in full. */
  @Test
  void chainThroughAnotherSerialActor_isNamed(Manta manta) {
    ActorRef<Chain> a = manta.actor(ActorOptions.serial().name("alpha"), Chain::new);
    ActorRef<Chain> b = manta.actor(ActorOptions.serial().name("beta"), Chain::new);

    ObjectRef<Integer> call = a.call(c -> c.askThrough(b, a));

    assertThatThrownBy(call::get)
        .rootCause()
        .isInstanceOf(EndlessWaitException.class)
        .hasMessageContaining("alpha")
        .hasMessageContaining("beta")
        .hasMessageContaining("askThrough");
    assertThat(a.call(Chain::ping).get() + b.call(Chain::ping).get()).isEqualTo(2);
  }

  /** T5, CONTRACT 1: a ring whose waits begin at the same moment is broken, again and again. */
  @Tag(OneProcess.ONLY) // in many processes each round takes a second or two
  @Test
  void ringOfSerialActors_isBroken(Manta manta) {
    for (int round = 0; round < 100; round++) {
      ActorRef<Gate> gate = Gate.closed(manta);
      List<ActorRef<Chain>> ring =
          IntStream.range(0, 4)
              .mapToObj(i -> manta.actor(ActorOptions.serial(), Chain::new))
              .toList();
      List<ObjectRef<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        ActorRef<Chain> next = ring.get((i + 1) % 4);
        calls.add(ring.get(i).call(c -> c.passAndAsk(gate, next)));
      }
      Eventually.until("all are inside", () -> gate.call(Gate::waiting).get() == 4);

      Gate.open(gate);

      assertThat(calls.stream().map(EndlessWaitsTest::end).toList())
          .as("round " + round)
          .contains("EndlessWaitException")
          .isSubsetOf("EndlessWaitException", "1");
    }
  }

  /** T5: likewise through a task. */
  @Test
  void chainThroughATask_fails(Manta manta) {
    ActorRef<Chain> chain = manta.actor(ActorOptions.serial(), Chain::new);

    ObjectRef<Integer> call =
        chain.call(
            c -> {
              ActorRef<Chain> self = Manta.self();
              return Manta.current().submit(() -> self.call(Chain::ping).get()).get();
            });

    assertThatThrownBy(call::get).hasRootCauseInstanceOf(EndlessWaitException.class);
    assertThat(chain.call(Chain::ping).get()).isEqualTo(1);
  }

  /** T5: likewise through a captured ref, which the queued call waits for. */
  @Test
  void chainThroughADependency_fails(Manta manta) {
    ActorRef<Chain> chain = manta.actor(ActorOptions.serial(), Chain::new);

    ObjectRef<Integer> call =
        chain.call(
            c -> {
              ActorRef<Chain> self = Manta.self();
              ObjectRef<Integer> mine = self.call(Chain::ping);
              return Manta.current().submit(() -> mine.get() + 1).get();
            });

    assertThatThrownBy(call::get).hasRootCauseInstanceOf(EndlessWaitException.class);
    assertThat(chain.call(Chain::ping).get()).isGreaterThan(0);
  }

  /** T5: a full group of an actor that has room elsewhere. */
  @Test
  void fullGroup_selfCallAwaited_fails(Manta manta) {
    ActorRef<Chain> chain = manta.actor(ActorOptions.async().group("io", 1), Chain::new);
    CallOptions io = CallOptions.DEFAULT.group("io");

    ObjectRef<Integer> call =
        chain.with(io).call(c -> Manta.<Chain>self().with(io).call(Chain::ping).get());

    assertThatThrownBy(call::get).hasRootCauseInstanceOf(EndlessWaitException.class);
    assertThat(chain.with(io).call(Chain::ping).get()).isEqualTo(1);
  }

  /** T5: a threaded actor all of whose threads await calls queued behind them. */
  @Test
  void allThreadsAwaitQueuedCalls_oneFails(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Chain> chain = manta.actor(ActorOptions.threaded(2), Chain::new);
    List<ObjectRef<Integer>> calls =
        IntStream.range(0, 2)
            .mapToObj(
                i -> chain.call(
                    c -> {
                      ActorRef<Chain> self = Manta.self();
                      return c.passAndAsk(gate, self);
                    }))
            .toList();
    Eventually.until("both are inside", () -> gate.call(Gate::waiting).get() == 2);

    Gate.open(gate);

    assertThat(calls.stream().map(EndlessWaitsTest::end).toList())
        .contains("EndlessWaitException")
        .isSubsetOf("EndlessWaitException", "1");
  }

  /** CONTRACT 1: a wait for room in the own actor, which is full of that very call. */
  @Test
  void waitForRoomInTheOwnFullActor_fails(Manta manta) {
    ActorRef<Chain> chain = manta.actor(ActorOptions.async().maxPendingCalls(1), Chain::new);

    ObjectRef<Integer> call =
        chain.call(
            c -> {
              ActorRef<Chain> self = Manta.self();
              return self.callWhenRoom(Chain::ping).get();
            });

    assertThatThrownBy(call::get).hasRootCauseInstanceOf(EndlessWaitException.class);
    assertThat(chain.call(Chain::ping).get()).isEqualTo(1);
  }

  /** T5's other side: a wait that looks like a circle but can end is let be. */
  @Tag(OneProcess.ONLY) // the chain of waits goes through other processes
  @Test
  void waitThatSomethingForeignCanEnd_isAllowed(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Chain> chain = manta.actor(ActorOptions.async().maxConcurrency(2), Chain::new);
    ObjectRef<Boolean> foreign = chain.call(c -> gate.call(Gate::pass).get());
    Gate.awaitReached(gate);
    // both slots are taken, and the second call awaits one that is queued behind both
    ObjectRef<Integer> own = chain.call(c -> c.waitForMyself("get"));
    Eventually.until(
        "the queued call is there",
        () -> manta.stats().actors().stream().anyMatch(actor -> actor.pending() == 3));
    assertThat(own.isDone()).isFalse();

    Gate.open(gate);

    assertThat(foreign.get()).isTrue();
    assertThat(own.get()).isEqualTo(1);
  }

  /** T6: an await while holding the actor's monitor is refused, whatever awaits. */
  @ParameterizedTest
  @ValueSource(strings = {"get", "await", "sleep", "yield", "blocking"})
  void awaitUnderTheActorsMonitor_isRefused(String kind, Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Monitor> actor = manta.actor(Monitor::new);

    ObjectRef<Void> call = actor.run(a -> a.awaitSynchronized(kind, gate));

    assertThatThrownBy(call::get)
        .isInstanceOf(TaskFailedException.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("monitor")
        .hasMessageContaining("synchronized");
    assertThat(actor.call(Monitor::enterLock).get()).isTrue();
    Gate.open(gate);
  }

  /** T7, CONTRACT 6: two full actors that call each other: the surplus fails, nothing locks up. */
  @Tag(OneProcess.ONLY) // the chain of waits goes through other processes
  @Test
  void fullActorsThatCallEachOther_surplusFailsNotExecuted(Manta manta) {
    ActorOptions four = ActorOptions.async().maxPendingCalls(4);
    ActorRef<Chain> a = manta.actor(four, Chain::new);
    ActorRef<Chain> b = manta.actor(four, Chain::new);
    ActorRef<Gate> gate = Gate.closed(manta);
    List<ObjectRef<String>> calls = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      calls.add(a.call(c -> c.tryPeer(gate, b)));
      calls.add(b.call(c -> c.tryPeer(gate, a)));
    }
    Eventually.until("both are full", () -> gate.call(Gate::waiting).get() == 8);

    Gate.open(gate);

    assertThat(manta.getAll(calls)).contains("refused").isSubsetOf("refused", "answered");
    assertThat(a.call(Chain::ping).get()).isPositive();
    assertThat(b.call(Chain::ping).get()).isPositive();
  }

  private static String end(ObjectRef<Integer> call) {
    try {
      return String.valueOf(call.get());
    } catch (TaskFailedException e) {
      return e.getCause().getClass().getSimpleName();
    }
  }

  /** Waits for calls on itself and others. */
  static final class Chain {
    final List<Integer> waiters = new ArrayList<>();
    private final CompletableFuture<Boolean> met = new CompletableFuture<>();
    private int pings;

    int ping() {
      return 1;
    }

    int waitForMyself(String kind) {
      ActorRef<Chain> self = Manta.self();
      ObjectRef<Integer> next = self.call(Chain::ping);
      Manta manta = Manta.current();
      Duration hour = Duration.ofHours(1);
      return switch (kind) {
        case "get" -> next.get();
        case "get(timeout)" -> next.get(hour);
        case "await" -> Manta.await(next);
        case "getAll" -> manta.getAll(List.of(next)).getFirst();
        case "wait" -> manta.wait(List.of(next), 1, hour).ready().getFirst().get();
        default -> manta.asCompleted(List.of(next)).toList().getFirst().get();
      };
    }

    int meetAndWaitForMyself(int i) {
      if (++pings == 3) {
        met.complete(true);
      }
      Manta.await(met);
      waiters.add(i);
      return waitForMyself("get");
    }

    int passAndAsk(ActorRef<Gate> gate, ActorRef<Chain> next) {
      Gate.pass(gate);
      return next.call(Chain::ping).get();
    }

    int askThrough(ActorRef<Chain> other, ActorRef<Chain> back) {
      return other.call(o -> back.call(Chain::ping).get()).get();
    }

    String tryPeer(ActorRef<Gate> gate, ActorRef<Chain> peer) {
      Gate.pass(gate);
      try {
        peer.call(Chain::ping).get();
        return "answered";
      } catch (NotExecutedException e) {
        return e.reason() == Reason.PENDING_LIMIT ? "refused" : e.toString();
      }
    }
  }

  /** Awaits inside synchronized code. */
  static final class Monitor {
    synchronized boolean enterLock() {
      return true;
    }

    synchronized void awaitSynchronized(String kind, ActorRef<Gate> gate) throws Exception {
      switch (kind) {
        case "get" -> gate.call(Gate::pass).get();
        case "await" -> Manta.await(new CompletableFuture<Boolean>());
        case "sleep" -> Manta.sleep(Duration.ofHours(1));
        case "yield" -> Manta.yield();
        default -> Manta.blocking(() -> true);
      }
    }
  }
}
