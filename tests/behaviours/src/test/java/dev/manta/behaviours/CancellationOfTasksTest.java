package dev.manta.behaviours;

import static dev.manta.behaviours.CancellationTest.assertCancelled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CancelScope;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.OneProcess;
import dev.manta.behaviours.support.WithManta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cancelled tasks, what depends on them, and what they started. */
@ExtendWith(WithManta.class)
class CancellationOfTasksTest {
  private static Manta oneCpu;

  @BeforeAll
  static void start() {
    oneCpu = Manta.start(WithManta.options().cpus(1));
  }

  @AfterAll
  static void close() {
    oneCpu.close();
  }

  /** C7: the head of a chain is cancelled: all that follow fail, not executed. */
  @Test
  void chain_headCancelled_allFail(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    List<ObjectRef<Integer>> chain = chain(manta, gate);
    Gate.awaitReached(gate);

    chain.get(0).cancel();

    assertCancelled(chain.get(0), OutcomeUnknownException.class);
    chain.subList(1, 4).forEach(CancellationOfTasksTest::assertDependencyCancelled);
    Gate.open(gate);
  }

  /** C7: the third of a chain is cancelled: it and the fourth fail, the first two go on. */
  @Test
  void chain_thirdCancelled_theFirstTwoGoOn(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    List<ObjectRef<Integer>> chain = chain(manta, gate);
    Gate.awaitReached(gate);

    chain.get(2).cancel();

    assertCancelled(chain.get(2), NotExecutedException.class);
    assertDependencyCancelled(chain.get(3));
    assertThat(chain.get(0).isDone() || chain.get(1).isDone()).isFalse();
    Gate.open(gate);
    assertThat(manta.getAll(chain.subList(0, 2))).containsExactly(0, 1);
  }

  /** C8: a cancelled head fails all three that depend on it. */
  @Test
  void headWithDependents_headCancelled_theyFail(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Boolean> head = manta.submit(() -> gate.call(Gate::pass).get());
    List<ObjectRef<Boolean>> dependents =
        IntStream.range(0, 3).mapToObj(i -> manta.submit(() -> head.get())).toList();
    Gate.awaitReached(gate);

    head.cancel();

    dependents.forEach(CancellationOfTasksTest::assertDependencyCancelled);
    Gate.open(gate);
  }

  /** C8: cancelled dependents leave their head. */
  @Test
  void headWithDependents_theyAreCancelled_theHeadGoesOn(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Boolean> head = manta.submit(() -> gate.call(Gate::pass).get());
    List<ObjectRef<Boolean>> dependents =
        IntStream.range(0, 3).mapToObj(i -> manta.submit(() -> head.get())).toList();
    Gate.awaitReached(gate);

    dependents.forEach(ObjectRef::cancel);

    dependents.forEach(ref -> assertCancelled(ref, NotExecutedException.class));
    assertThat(head.isDone()).isFalse();
    Gate.open(gate);
    assertThat(head.get()).isTrue();
  }

  /** C9, CONTRACT 1: a hundred nested tasks on one CPU, cancelled at random: nothing hangs. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomCancels_onOneCpu_everyTaskEnds(long seed) {
    Random random = new Random(seed);
    List<ObjectRef<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int number = i;
      tasks.add(
          random.nextBoolean() || i == 0
              ? oneCpu.submit(() -> Manta.current().submit(() -> number).get())
              : dependent(oneCpu, tasks.get(random.nextInt(i)), number));
      if (random.nextInt(3) == 0) {
        tasks.get(random.nextInt(tasks.size())).cancel();
      }
    }

    tasks.stream().filter(task -> random.nextInt(4) == 0).forEach(ObjectRef::cancel);

    for (int i = 0; i < 100; i++) {
      assertValueOrCancelled(tasks.get(i), i, "seed " + seed);
    }
    assertNothingTaken(oneCpu);
  }

  /** C9, CONTRACT 1: five thousand tasks of which one in twenty is cancelled at once. */
  @Test
  void oneInTwentyOfManyTasks_cancelled_everyTaskEnds(Manta manta) {
    long seed = 20;
    Random random = new Random(seed);

    List<ObjectRef<Integer>> tasks = new ArrayList<>();
    int cancelled = 0;
    for (int i = 0; i < 5_000; i++) {
      int number = i;
      tasks.add(manta.submit(() -> number));
      if (random.nextInt(20) == 0 && tasks.getLast().cancel()) {
        cancelled++;
      }
    }

    int values = 0;
    for (int i = 0; i < 5_000; i++) {
      values += assertValueOrCancelled(tasks.get(i), i, "seed " + seed) ? 1 : 0;
    }
    assertThat(values).as("seed " + seed).isEqualTo(5_000 - cancelled);
  }

  /** C10: the children that a task started, and theirs, are cancelled with it. */
  @Test
  void withChildren_allDescendantsAreCancelled(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Family> family = manta.actor(Family::new);
    ObjectRef<Boolean> parent = manta.submit(() -> Family.startGenerations(family, gate));
    Eventually.until("grandchildren wait", () -> gate.call(Gate::waiting).get() == 2);

    parent.cancel();

    assertCancelled(parent, OutcomeUnknownException.class);
    Eventually.until("all have ended", () -> family.call(Family::ended).get() == 2);
    assertThat(family.call(f -> f.passed).get()).isZero();
    Gate.open(gate);
  }

  /** C10: with the scope of the call alone its children end normally. */
  @Test
  void thisCallAlone_childrenEndNormally(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Family> family = manta.actor(Family::new);
    ObjectRef<Boolean> parent = manta.submit(() -> Family.startGenerations(family, gate));
    Eventually.until("grandchildren wait", () -> gate.call(Gate::waiting).get() == 2);

    parent.cancel(CancelScope.THIS_CALL);

    assertCancelled(parent, OutcomeUnknownException.class);
    Gate.open(gate);
    Eventually.until("all have ended", () -> family.call(Family::ended).get() == 2);
    assertThat(family.call(f -> f.passed).get()).isEqualTo(2);
  }

  /** C10: a child that is still queued when its parent is cancelled never runs. */
  @Tag(OneProcess.ONLY) // a cancel that goes through another process may come after the next call
  @Test
  void queuedChild_isNeverExecuted(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Family> family =
        manta.actor(ActorOptions.async().maxConcurrency(1), Family::new);
    ObjectRef<Boolean> inside = family.call(f -> gate.call(Gate::pass).get());
    Gate.awaitReached(gate);
    ActorRef<Gate> submitted = Gate.closed(manta);
    ObjectRef<Boolean> parent =
        manta.submit(
            () -> {
              ObjectRef<Void> child = family.run(f -> f.end(true));
              Gate.open(submitted);
              return child.get() == null;
            });
    Gate.pass(submitted);

    parent.cancel();

    assertCancelled(parent, OutcomeUnknownException.class);
    Gate.open(gate);
    assertThat(inside.get()).isTrue();
    assertThat(family.call(Family::ended).get()).isZero();
  }

  /** C10: two calls of one actor at once: cancelling one reaches its own children alone. */
  @Test
  void concurrentCalls_childrenDoNotMix(Manta manta) {
    ActorRef<Gate> mine = Gate.closed(manta);
    ActorRef<Gate> others = Gate.closed(manta);
    ActorRef<Family> family = manta.actor(Family::new);
    ObjectRef<Boolean> cancelled = family.call(f -> f.startChild(mine));
    ObjectRef<Boolean> kept = family.call(f -> f.startChild(others));
    Gate.awaitReached(mine);
    Gate.awaitReached(others);

    cancelled.cancel();

    assertCancelled(cancelled, OutcomeUnknownException.class);
    Eventually.until("its child was cancelled", () -> mine.call(Gate::waiting).get() == 0);
    assertThat(others.call(Gate::waiting).get()).isEqualTo(1);
    Gate.open(others);
    assertThat(kept.get()).isTrue();
    Gate.open(mine);
  }

  /** C6 for tasks: code that never waits sees the cancel, and its value is not the result. */
  @Test
  void runningTask_seesIsCancelled(Manta manta) {
    ActorRef<Gate> running = Gate.closed(manta);
    ObjectRef<Integer> task =
        manta.submit(
            () -> {
              running.run(Gate::open);
              while (!Manta.isCancelled()) {
                Thread.onSpinWait();
              }
              return 1;
            });
    Gate.pass(running);

    task.cancel();

    assertCancelled(task, OutcomeUnknownException.class);
    assertNothingTaken(manta);
  }

  /** C6 for tasks: code that blocks elsewhere than in Manta is interrupted. */
  @Test
  void taskThatBlocks_isInterrupted(Manta manta) {
    ActorRef<Gate> running = Gate.closed(manta);
    ActorRef<Gate> interrupted = Gate.closed(manta);
    ObjectRef<Boolean> task =
        manta.submit(
            () -> {
              running.run(Gate::open);
              try {
                new CountDownLatch(1).await();
                return true;
              } catch (InterruptedException e) {
                return interrupted.run(Gate::open) != null;
              }
            });
    Gate.pass(running);

    task.cancel();

    assertCancelled(task, OutcomeUnknownException.class);
    Gate.pass(interrupted);
  }

  /** Four tasks, each of which takes the result of the one before. */
  private static List<ObjectRef<Integer>> chain(Manta manta, ActorRef<Gate> gate) {
    List<ObjectRef<Integer>> chain = new ArrayList<>();
    chain.add(
        manta.submit(
            () -> {
              Gate.pass(gate);
              return 0;
            }));
    for (int i = 1; i < 4; i++) {
      ObjectRef<Integer> before = chain.getLast();
      chain.add(manta.submit(() -> before.get() + 1));
    }
    return chain;
  }

  private static ObjectRef<Integer> dependent(Manta manta, ObjectRef<Integer> on, int number) {
    return manta.submit(() -> on.get() * 0 + number);
  }

  private static void assertDependencyCancelled(ObjectRef<?> ref) {
    assertThatThrownBy(ref::get)
        .isInstanceOfSatisfying(
            NotExecutedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.DEPENDENCY_FAILED))
        .rootCause()
        .isInstanceOfSatisfying(
            MantaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CANCELLED));
  }

  /** Whether it has its value; fails if it has neither that nor ends because of a cancel. */
  private static boolean assertValueOrCancelled(ObjectRef<Integer> task, int value, String seed) {
    try {
      assertThat(task.get(Duration.ofSeconds(30))).as(seed).isEqualTo(value);
      return true;
    } catch (MantaException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      assertThat(root)
          .as(seed)
          .isInstanceOfSatisfying(
              MantaException.class, m -> assertThat(m.reason()).isEqualTo(Reason.CANCELLED));
      return false;
    }
  }

  private static void assertNothingTaken(Manta manta) {
    Eventually.until(
        "nothing taken, of " + manta.stats(),
        () -> manta.stats().tasksRunning() == 0
            && manta.stats().tasksQueued() == 0
            && manta.stats().free().equals(manta.stats().resources()));
  }

  /** Counts how its members end. */
  static final class Family {
    int passed;
    private int ended;

    int ended() {
      return ended;
    }

    void end(boolean didPass) {
      ended++;
      passed += didPass ? 1 : 0;
    }

    /** A task with two children, each with a child that waits at the gate. */
    static boolean startGenerations(ActorRef<Family> family, ActorRef<Gate> gate) {
      Manta manta = Manta.current();
      List<ObjectRef<Boolean>> children = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        children.add(
            manta.submit(() -> Manta.current().submit(() -> member(family, gate)).get()));
      }
      return !manta.getAll(children).contains(false);
    }

    private static boolean member(ActorRef<Family> family, ActorRef<Gate> gate) {
      boolean didPass = false;
      try {
        Gate.pass(gate);
        didPass = true;
      } finally {
        boolean pass = didPass;
        family.run(f -> f.end(pass)).get();
      }
      return didPass;
    }

    boolean startChild(ActorRef<Gate> gate) {
      return Manta.current().submit(() -> gate.call(Gate::pass).get()).get();
    }
  }
}
