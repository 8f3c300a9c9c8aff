package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorOptions;
import dev.manta.ActorPool;
import dev.manta.ActorRef;
import dev.manta.GetTimeoutException;
import dev.manta.Manta;
import dev.manta.TaskFailedException;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.WithManta;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** B3: calls spread over several actors. */
@ExtendWith(WithManta.class)
class ActorPoolTest {
  private static final Duration SHORT = Duration.ofMillis(1);

  /** Works, perhaps when it is let. */
  static final class Worker {
    private int inside;
    private int most;

    int twice(int n) {
      return 2 * n;
    }

    int afterGate(ActorRef<Gate> gate, int n) {
      inside++;
      most = Math.max(most, inside);
      try {
        Gate.pass(gate);
        return n;
      } finally {
        inside--;
      }
    }

    int most() {
      return most;
    }
  }

  private static List<ActorRef<Worker>> workers(Manta manta, int count) {
    return IntStream.range(0, count).mapToObj(i -> manta.actor(Worker::new)).toList();
  }

  /** B3. */
  @Test
  void map_givesResultsInTheOrderOfTheValues(Manta manta) {
    ActorPool<Worker, Integer> pool = ActorPool.of(workers(manta, 3));

    List<Integer> doubled =
        pool.map(IntStream.range(0, 100).boxed().toList(), n -> w -> w.twice(n)).toList();

    assertThat(doubled).isEqualTo(IntStream.range(0, 100).map(n -> 2 * n).boxed().toList());
  }

  /** B3: the first submitted is the first read, though it ends last. */
  @Test
  void next_waitsForTheEarliest_nextUnorderedForTheFirstComplete(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorPool<Worker, Integer> pool = ActorPool.of(workers(manta, 2));
    pool.submit(w -> w.afterGate(gate, 1));
    pool.submit(w -> w.twice(1));
    pool.submit(w -> w.twice(10));

    int first = pool.nextUnordered();

    assertThat(first).isEqualTo(2);
    Gate.open(gate);
    assertThat(pool.next()).isEqualTo(1);
    assertThat(pool.next()).isEqualTo(20);
    assertThat(pool.hasNext()).isFalse();
  }

  /** B3. */
  @Test
  void mapUnordered_givesEachResultOnce(Manta manta) {
    ActorPool<Worker, Integer> pool = ActorPool.of(workers(manta, 3), 2);

    List<Integer> doubled =
        pool.mapUnordered(IntStream.range(0, 100).boxed().toList(), n -> w -> w.twice(n)).toList();

    assertThat(doubled)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 100).map(n -> 2 * n).boxed().toList());
  }

  /** B3: a time-out loses nothing. */
  @Test
  void timeout_isThrown_andTheResultComesLater(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorPool<Worker, Integer> pool = ActorPool.of(workers(manta, 1));
    pool.submit(w -> w.afterGate(gate, 7));

    assertThatThrownBy(() -> pool.next(SHORT)).isInstanceOf(GetTimeoutException.class);
    assertThatThrownBy(() -> pool.nextUnordered(SHORT)).isInstanceOf(GetTimeoutException.class);

    Gate.open(gate);
    assertThat(pool.next()).isEqualTo(7);
    assertThat(pool.hasNext()).isFalse();
  }

  /** B3: a busy actor is not given away, nor taken twice. */
  @Test
  void busyActor_isNotIdle_andOneThatIsThereIsRefused(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Worker> worker = workers(manta, 1).get(0);
    ActorPool<Worker, Integer> pool = ActorPool.of(List.of(worker));
    pool.submit(w -> w.afterGate(gate, 7));
    Gate.awaitReached(gate);

    assertThat(pool.hasFree()).isFalse();
    assertThat(pool.popIdle()).isEmpty();
    assertThatThrownBy(() -> pool.push(worker)).isInstanceOf(IllegalArgumentException.class);

    Gate.open(gate);
    assertThat(pool.next()).isEqualTo(7);
    Eventually.until("it is free", pool::hasFree);
    assertThat(pool.popIdle()).contains(worker);
    assertThat(pool.popIdle()).isEmpty();
  }

  /** B3. */
  @Test
  void newActor_takesWaitingWork(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorPool<Worker, Integer> pool = ActorPool.of(workers(manta, 1));
    pool.submit(w -> w.afterGate(gate, 1));
    pool.submit(w -> w.twice(21));
    Gate.awaitReached(gate);

    pool.push(workers(manta, 1).get(0));

    assertThat(pool.nextUnordered()).isEqualTo(42);
    Gate.open(gate);
    assertThat(pool.next()).isEqualTo(1);
  }

  /** B3: as many at once as the actor takes, and no more. */
  @Test
  void asyncActor_getsAsManyAtOnceAsItIsSaidToTake(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Worker> worker =
        manta.actor(ActorOptions.async().maxConcurrency(8), Worker::new);
    ActorPool<Worker, Integer> pool = ActorPool.of(List.of(worker), 3);

    for (int i = 0; i < 10; i++) {
      pool.submit(w -> w.afterGate(gate, 1));
    }

    Eventually.until("three wait", () -> gate.call(Gate::waiting).get() == 3);
    Gate.open(gate);
    for (int i = 0; i < 10; i++) {
      assertThat(pool.next()).isEqualTo(1);
    }
    assertThat(worker.call(Worker::most).get()).isEqualTo(3);
  }

  /** B3: an error is that of its call, and the actor goes on. */
  @Test
  void failedCall_throwsAtItsResult_andThePoolGoesOn(Manta manta) {
    ActorPool<Worker, Integer> pool = ActorPool.of(workers(manta, 1));
    pool.submit(w -> w.twice(1));
    pool.submit(
        w -> {
          throw new IllegalStateException("on purpose");
        });
    pool.submit(w -> w.twice(3));

    assertThat(pool.next()).isEqualTo(2);
    assertThatThrownBy(pool::next)
        .isInstanceOf(TaskFailedException.class)
        .hasRootCauseMessage("on purpose");
    assertThat(pool.next()).isEqualTo(6);
    assertThatThrownBy(pool::next).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(pool::nextUnordered).isInstanceOf(NoSuchElementException.class);
  }

  /** B3: used inside an actor its waits are await points. */
  @Test
  void poolInsideAnActor_waitsWithoutFreezingIt(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Worker> boss = manta.actor(Worker::new);
    ActorRef<Worker> worker = manta.actor(Worker::new);
    var waiting =
        boss.<Integer>call(
            b -> {
              ActorPool<Worker, Integer> pool = ActorPool.of(List.of(worker));
              pool.submit(w -> w.afterGate(gate, 5));
              return pool.next();
            });
    Gate.awaitReached(gate);

    int other = boss.call(b -> b.twice(4)).get();

    assertThat(other).isEqualTo(8);
    Gate.open(gate);
    assertThat(waiting.get()).isEqualTo(5);
  }
}
