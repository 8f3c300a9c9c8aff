package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.RemoteFunction;
import dev.manta.TaskFailedException;
import dev.manta.behaviours.support.Errors;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.OneProcess;
import dev.manta.behaviours.support.WithManta;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONTRACT 14: errors of the JVM in user code fail the call, and the loop lives. */
@ExtendWith(WithManta.class)
class JvmErrorsTest {
  /** Linked before the stack is full: linking a lambda there is the JDK's affair, not Manta's. */
  private static final RemoteFunction<Greedy, Integer> NEXT = Greedy::next;

  /** Overflows its stack, or the heap. */
  static final class Greedy {
    private int calls;

    @SuppressWarnings("InfiniteRecursion") // on purpose
    int overflow() {
      return 1 + overflow();
    }

    int fillTheHeap() {
      List<long[]> hold = new ArrayList<>();
      for (;;) {
        hold.add(new long[16 << 20]);
      }
    }

    int next() {
      return ++calls;
    }
  }

  /** Recurses to the overflow; at each depth it gets a ref and makes a call. */
  @SuppressWarnings("InfiniteRecursion") // on purpose
  static int dive(ActorRef<Greedy> actor, int[] deepest) {
    int below = 0;
    try {
      below = dive(actor, deepest);
    } catch (StackOverflowError e) {
      deepest[0]++;
    }
    try {
      ObjectRef<Integer> ref = actor.call(NEXT);
      return Math.max(below, ref.get());
    } catch (StackOverflowError e) {
      deepest[0]++;
      throw e;
    }
  }

  private static ActorOptions options(ActorOptions.Kind kind) {
    return switch (kind) {
      case ASYNC -> ActorOptions.async();
      case SERIAL -> ActorOptions.serial();
      case THREADED -> ActorOptions.threaded(2);
    };
  }

  /** CONTRACT 14. */
  @ParameterizedTest
  @EnumSource(ActorOptions.Kind.class)
  void stackOverflowInACall_failsTheCall_andTheLoopLives(ActorOptions.Kind kind, Manta manta) {
    ActorRef<Greedy> greedy = manta.actor(options(kind), Greedy::new);

    TaskFailedException error =
        Errors.of(greedy.call(Greedy::overflow), TaskFailedException.class);

    assertThat(error).hasRootCauseInstanceOf(StackOverflowError.class);
    assertThat(greedy.call(Greedy::next).get()).isEqualTo(1);
  }

  /** CONTRACT 14. */
  @Test
  void stackOverflowInATask_failsTheTask_andOthersRun(Manta manta) {
    for (int i = 0; i < 20; i++) {
      assertThat(
          Errors.of(
              manta.submit(() -> new Greedy().overflow()), TaskFailedException.class))
          .hasRootCauseInstanceOf(StackOverflowError.class);
    }

    assertThat(manta.submit(() -> 1).get()).isEqualTo(1);
  }

  /** CONTRACT 14. */
  @ParameterizedTest
  @Tag(OneProcess.ONLY) // a worker that is out of memory ends
  @EnumSource(ActorOptions.Kind.class)
  void outOfMemoryInACall_failsTheCall_andTheLoopLives(ActorOptions.Kind kind, Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Greedy> greedy = manta.actor(options(kind), Greedy::new);
    ObjectRef<Boolean> suspended = gate.call(Gate::pass);

    TaskFailedException error =
        Errors.of(greedy.call(Greedy::fillTheHeap), TaskFailedException.class);

    assertThat(error).hasRootCauseInstanceOf(OutOfMemoryError.class);
    assertThat(greedy.call(Greedy::next).get()).isEqualTo(1);
    Gate.open(gate);
    assertThat(suspended.get()).isTrue();
  }

  /** CONTRACT 14. */
  @Test
  @Tag(OneProcess.ONLY) // a worker that is out of memory ends
  void outOfMemoryInATask_failsTheTask_andOthersRun(Manta manta) {
    ObjectRef<Integer> ref = manta.submit(() -> new Greedy().fillTheHeap());

    assertThat(Errors.of(ref, TaskFailedException.class))
        .hasRootCauseInstanceOf(OutOfMemoryError.class);
    assertThat(manta.submit(() -> 1).get()).isEqualTo(1);
  }

  /** CONTRACT 14: a stack overflow at every depth around get and call, outside of calls. */
  @Test
  void stackOverflowAtEveryDepthOutside_breaksNothing(Manta manta) throws InterruptedException {
    ActorRef<Greedy> greedy = manta.actor(Greedy::new);
    int[] deepest = new int[1];

    Thread diver = new Thread(null, () -> dive(greedy, deepest), "diver", 512 << 10);
    diver.start();
    diver.join();

    assertThat(deepest[0]).isPositive();
    assertWorks(manta, greedy);
  }

  /** CONTRACT 14: the same inside an actor's call, in its turn. */
  @ParameterizedTest
  @EnumSource(ActorOptions.Kind.class)
  void stackOverflowAtEveryDepthInACall_breaksNothing(ActorOptions.Kind kind, Manta manta) {
    ActorRef<Greedy> other = manta.actor(Greedy::new);
    ActorRef<Greedy> diver = manta.actor(options(kind), Greedy::new);

    ObjectRef<Integer> dived = diver.call(d -> diveIn64Frames(other));

    dived.handle((v, e) -> 0).toCompletableFuture().join();
    assertWorks(manta, other);
    assertWorks(manta, diver);
    assertNothingIsPending(manta);
  }

  /** CONTRACT 14: the same inside a task. */
  @Test
  void stackOverflowAtEveryDepthInATask_breaksNothing(Manta manta) {
    ActorRef<Greedy> greedy = manta.actor(Greedy::new);

    ObjectRef<Integer> dived = manta.submit(() -> diveIn64Frames(greedy));

    dived.handle((v, e) -> 0).toCompletableFuture().join();
    assertWorks(manta, greedy);
    assertNothingIsPending(manta);
  }

  /** CONTRACT 6: no place was lost of a call whose submission failed halfway. */
  private static void assertNothingIsPending(Manta manta) {
    Eventually.until(
        "nothing is pending",
        () -> manta.stats().actors().stream().allMatch(actor -> actor.pending() == 0));
  }

  /**
   * Uses the last 64 frames before the overflow, each of which gets and calls: the whole stack of a
   * thread of Manta's would take too long.
   */
  static int diveIn64Frames(ActorRef<Greedy> actor) {
    return down(actor, new int[1]);
  }

  @SuppressWarnings("InfiniteRecursion") // on purpose
  private static int down(ActorRef<Greedy> actor, int[] up) {
    int below;
    try {
      below = down(actor, up);
    } catch (StackOverflowError e) {
      below = 0;
    }
    if (up[0] >= 64) {
      return below;
    }
    try {
      int result = actor.call(NEXT).get();
      up[0]++;
      return Math.max(below, result);
    } catch (StackOverflowError e) {
      return below;
    }
  }

  private static void assertWorks(Manta manta, ActorRef<Greedy> actor) {
    assertThat(actor.call(Greedy::next).get()).isPositive();
    List<ObjectRef<Integer>> refs = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      refs.add(actor.call(Greedy::next));
      int n = i;
      refs.add(manta.submit(() -> n));
    }
    assertThat(manta.getAll(refs)).hasSize(400);
  }

  /** CONTRACT 14: as the very first thing a program does, outside, in a call, in a task. */
  @ParameterizedTest
  @ValueSource(strings = {"outside", "call", "task"})
  void stackOverflowAsTheFirstThing_leavesTheProgramWorking(String where) throws Exception {
    Process program =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xss512k",
            "-cp",
            System.getProperty("java.class.path"),
            FirstThing.class.getName(),
            where)
            .redirectErrorStream(true)
            .start();

    String output = new String(program.getInputStream().readAllBytes());

    assertThat(program.waitFor())
        .as(output.substring(0, Math.min(output.length(), 2_000)))
        .isZero();
    assertThat(output).endsWith("works\n");
  }

  /** A program whose first use of Manta is at the end of its stack. */
  static final class FirstThing {
    private FirstThing() {}

    public static void main(String[] arguments) {
      try (Manta manta = Manta.start()) {
        ActorRef<Greedy> actor = manta.actor(Greedy::new);
        switch (arguments[0]) {
          case "outside" -> diveIn64Frames(actor);
          case "call" -> {
            ActorRef<Greedy> diver = manta.actor(Greedy::new);
            diver.call(d -> diveIn64Frames(actor))
                .handle((v, e) -> 0)
                .toCompletableFuture()
                .join();
            assertWorks(manta, diver);
          }
          default ->
              manta.submit(() -> diveIn64Frames(actor))
                  .handle((v, e) -> 0)
                  .toCompletableFuture()
                  .join();
        }
        assertWorks(manta, actor);
      }
      System.out.println("works");
    }
  }
}
