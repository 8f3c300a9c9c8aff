package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.Reason;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.WithManta;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Actors whose calls run in parallel. */
@ExtendWith(WithManta.class)
class ThreadedActorsTest {

  /** T1: fifty additions under the actor's own lock are all there. */
  @Test
  void lockedAdditions_areAllThere(Manta manta) {
    ActorRef<Parallel> actor = manta.actor(ActorOptions.threaded(10), () -> new Parallel(1));

    manta.getAll(IntStream.range(0, 50).mapToObj(i -> actor.run(Parallel::addLocked)).toList());

    assertThat(actor.call(Parallel::count).get()).isEqualTo(50);
  }

  /** T1: three calls that truly block until all three are inside get through on three threads. */
  @Test
  void latchOfThree_opensWithThreeThreads(Manta manta) {
    ActorRef<Parallel> actor = manta.actor(ActorOptions.threaded(3), () -> new Parallel(3));

    List<Boolean> passed =
        manta.getAll(IntStream.range(0, 3).mapToObj(i -> actor.call(Parallel::meet)).toList());

    assertThat(passed).containsExactly(true, true, true);
  }

  /** T1's other side: a threaded actor's limit holds though its calls wait for refs. */
  @Test
  void limit_holdsWhileCallsWait(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Parallel> actor = manta.actor(ActorOptions.threaded(3), () -> new Parallel(3));
    List<ObjectRef<Boolean>> calls =
        IntStream.range(0, 12)
            .mapToObj(
                i -> actor.call(
                    a -> {
                      a.meet();
                      return gate.call(Gate::pass).get();
                    }))
            .toList();
    Eventually.until("three wait inside", () -> gate.call(Gate::waiting).get() == 3);

    Gate.open(gate);

    assertThat(manta.getAll(calls)).hasSize(12).containsOnly(true);
    assertThat(
        manta.stats()
            .actors()
            .stream()
            .filter(stats -> stats.actor().contains("Parallel"))
            .findFirst()
            .orElseThrow()
            .peakStarted())
        .isEqualTo(3);
  }

  /** T2: ten threads of one actor use all of Manta at once. */
  @Test
  void insideTenThreads_allOfMantaWorks(Manta manta) {
    ActorRef<Parallel> actor = manta.actor(ActorOptions.threaded(10), () -> new Parallel(10));
    ObjectRef<byte[]> large = manta.put(new byte[204_800]);
    Argument argument = new Argument(large, manta.put(1));

    List<ObjectRef<Integer>> sums =
        IntStream.range(0, 10)
            .mapToObj(i -> actor.call(a -> a.useAllOfManta(i, argument)))
            .toList();

    assertThat(manta.getAll(sums))
        .isEqualTo(
            IntStream.range(0, 10).mapToObj(i -> i * i + 204_800 + 1 + 3 + 204_800).toList());
  }

  /** T3: actors killed amid their calls give every CPU back, and every call ends. */
  @Test
  void killedAmidCalls_everyCpuIsGivenBack(Manta manta) {
    for (int round = 0; round < 10; round++) {
      ActorRef<Gate> gate = Gate.closed(manta);
      List<ActorRef<Parallel>> actors = new ArrayList<>();
      List<ObjectRef<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        ActorRef<Parallel> actor =
            manta.actor(ActorOptions.threaded(4).cpus(0.5), () -> new Parallel(1));
        actors.add(actor);
        for (int j = 0; j < 10; j++) {
          calls.add(actor.call(a -> gate.call(Gate::pass).get()));
        }
      }
      Eventually.until("all are inside", () -> gate.call(Gate::waiting).get() == 24);
      assertThat(manta.stats().free()).containsEntry("cpu", 1.0);

      actors.forEach(manta::kill);

      for (ObjectRef<Boolean> call : calls) {
        assertThatThrownBy(call::get)
            .isInstanceOfSatisfying(
                MantaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ACTOR_DIED));
      }
      Eventually.until(
          "every CPU is given back", () -> manta.stats().free().get("cpu").equals(4.0));
      Gate.open(gate);
    }
  }

  /** Two refs that stay refs. */
  record Argument(ObjectRef<byte[]> large, ObjectRef<Integer> small) {}

  /** Synchronises itself. */
  static final class Parallel {
    private final CyclicBarrier meeting;
    private final CountDownLatch met;
    private int count;

    Parallel(int parties) {
      meeting = new CyclicBarrier(parties);
      met = new CountDownLatch(parties);
    }

    synchronized void addLocked() {
      count++;
    }

    synchronized int count() {
      return count;
    }

    boolean meet() throws InterruptedException {
      met.countDown();
      met.await();
      return true;
    }

    int useAllOfManta(int i, Argument argument) throws Exception {
      meeting.await();
      Manta manta = Manta.current();
      int square = manta.submit(() -> manta.submit(() -> i * i).get()).get();
      int given = argument.large.get().length + argument.small.get();
      ActorRef<Parallel> other = manta.actor(() -> new Parallel(1));
      for (int j = 0; j < 3; j++) {
        other.run(Parallel::addLocked).get();
      }
      int made = manta.submit(() -> new byte[204_800]).get().length;
      return square + given + other.call(Parallel::count).get() + made;
    }
  }
}
