package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.behaviours.support.Errors;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.OneProcess;
import dev.manta.behaviours.support.WithManta;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What nobody refers to any more is freed, what somebody does is not. Strings are shared instead of
 * copied, so a weak reference to one tells whether Manta holds it; the heap of 1 GB tells the same
 * of large values.
 */
@ExtendWith(WithManta.class)
class FreeingTest {
  private static final int LARGE = 100 << 20;

  /** As many large values as fill the heap twice. */
  private static final int TWO_HEAPS = 20;

  /** Keeps a value in a field. */
  static final class Keeper {
    private ObjectRef<byte[]> kept;

    void keep(ObjectRef<byte[]> ref) {
      kept = ref;
    }

    int first() {
      return kept.get()[0];
    }

    byte[] large() {
      return new byte[LARGE];
    }
  }

  @BeforeAll
  static void theHeapIsSmallEnoughToTell() {
    assertThat(Runtime.getRuntime().maxMemory())
        .as("these tests need a heap of 1 GB: -Xmx1g")
        .isLessThanOrEqualTo(1L << 30);
  }

  private static String fresh(String text) {
    return new StringBuilder(text).toString();
  }

  private static void untilCollected(WeakReference<?> value) {
    Eventually.until(
        "the value is collected",
        () -> {
          System.gc();
          return value.get() == null;
        });
  }

  private static void assertHeld(WeakReference<?> value) {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    assertThat(value.get()).isNotNull();
  }

  /** R5: a thousand values of 100 MB, put and passed to a task, one after the other. */
  @Tag(OneProcess.ONLY) // values over the limit of a frame need shared memory
  @Test
  void thousandDroppedLargeValues_areFreed(Manta manta) {
    for (int i = 0; i < 1000; i++) {
      ObjectRef<String> ref = manta.put("x".repeat(LARGE));
      assertThat(manta.submit(() -> ref.get().length()).get()).isEqualTo(LARGE);
    }
  }

  /** R5: results that are copied. */
  @Test
  void droppedResults_freeTheirValues(Manta manta) {
    ActorRef<Keeper> keeper = manta.actor(Keeper::new);

    for (int i = 0; i < TWO_HEAPS; i++) {
      assertThat(manta.<byte[]>submit(() -> new byte[LARGE]).get().length).isEqualTo(LARGE);
      assertThat(keeper.<byte[]>call(Keeper::large).get().length).isEqualTo(LARGE);
    }
  }

  /** R5: release frees at once, while the ref itself is still held. */
  @Test
  void releasedRefs_freeTheirValuesThoughTheyAreHeld(Manta manta) {
    List<ObjectRef<byte[]>> held = new ArrayList<>();

    for (int i = 0; i < TWO_HEAPS; i++) {
      ObjectRef<byte[]> ref = manta.put(new byte[LARGE]);
      ref.release();
      ref.release();
      held.add(ref);
    }

    for (ObjectRef<byte[]> ref : held) {
      assertThatThrownBy(ref::get)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("release");
    }
  }

  /** R5: counted by what is reachable: one ref, a copy of it, none. */
  @Test
  void value_livesWhileARefOrACopyOfItDoes(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    WeakReference<String> value = taskHoldsACopy(manta, gate);
    Gate.awaitReached(gate);
    assertHeld(value);

    Gate.open(gate);

    untilCollected(value);
  }

  private static WeakReference<String> taskHoldsACopy(Manta manta, ActorRef<Gate> gate) {
    String value = fresh("held by a copy");
    ObjectRef<String> ref = manta.put(value);
    manta.run(
        () -> {
          Gate.pass(gate);
          assertThat(ref.get()).isEqualTo("held by a copy");
        });
    return new WeakReference<>(value);
  }

  /** R5: a pending task holds its arguments and lets go when it has ended. */
  @Test
  void pendingTask_holdsItsArgumentsUntilItEnds(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    List<ObjectRef<Integer>> task = new ArrayList<>();
    WeakReference<String> argument = pendingTask(manta, gate, task, false);
    Gate.awaitReached(gate);
    assertHeld(argument);

    Gate.open(gate);

    assertThat(task.get(0).get()).isEqualTo(8);
    untilCollected(argument);
  }

  /** R5: failed or not. */
  @Test
  void failedTask_letsItsArgumentsGo(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    List<ObjectRef<Integer>> task = new ArrayList<>();
    WeakReference<String> argument = pendingTask(manta, gate, task, true);
    Gate.awaitReached(gate);
    assertHeld(argument);

    Gate.open(gate);

    Errors.of(task.get(0), dev.manta.TaskFailedException.class);
    untilCollected(argument);
  }

  private static WeakReference<String> pendingTask(
      Manta manta, ActorRef<Gate> gate, List<ObjectRef<Integer>> task, boolean fails) {
    String argument = fresh("argument");
    task.add(
        manta.submit(
            () -> {
              Gate.pass(gate);
              if (fails) {
                throw new IllegalStateException("on purpose");
              }
              return argument.length();
            }));
    return new WeakReference<>(argument);
  }

  /** R5: a call that is cancelled while it is queued lets go at once. */
  @Test
  void cancelledQueuedCall_letsItsArgumentsGo(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Keeper> keeper =
        manta.actor(dev.manta.ActorOptions.serial(), Keeper::new);
    ObjectRef<Boolean> first = keeper.call(k -> gate.call(Gate::pass).get());
    Gate.awaitReached(gate);
    List<ObjectRef<Integer>> queued = new ArrayList<>();
    WeakReference<String> argument = queuedCall(keeper, queued);
    assertHeld(argument);

    queued.get(0).cancel();

    untilCollected(argument);
    assertThat(first.isDone()).isFalse();
    Gate.open(gate);
    assertThat(first.get()).isTrue();
  }

  private static WeakReference<String> queuedCall(
      ActorRef<Keeper> keeper, List<ObjectRef<Integer>> queued) {
    String argument = fresh("queued argument");
    queued.add(keeper.call(k -> argument.length()));
    return new WeakReference<>(argument);
  }

  /** R6. */
  @Test
  void nestedRef_livesWithTheOuterOne_andGoesWithIt(Manta manta) {
    List<ObjectRef<List<ObjectRef<String>>>> outer = new ArrayList<>();
    WeakReference<String> inner = nested(manta, outer);
    assertHeld(inner);
    assertThat(innerLength(outer.get(0))).isEqualTo(5);

    outer.clear();

    untilCollected(inner);
  }

  private static WeakReference<String> nested(
      Manta manta, List<ObjectRef<List<ObjectRef<String>>>> outer) {
    String value = fresh("inner");
    outer.add(manta.put(List.of(manta.put(value))));
    return new WeakReference<>(value);
  }

  private static int innerLength(ObjectRef<List<ObjectRef<String>>> outer) {
    return outer.get().get(0).get().length();
  }

  /** R7: held by an actor's field, under pressure. */
  @Test
  void valueInAnActorsField_survivesPressure(Manta manta) {
    ActorRef<Keeper> keeper = manta.actor(Keeper::new);
    keepOne(manta, keeper);

    for (int i = 0; i < TWO_HEAPS; i++) {
      assertThat(manta.put(new byte[LARGE]).isDone()).isTrue();
    }

    assertThat(keeper.call(Keeper::first).get()).isEqualTo(42);
  }

  private static void keepOne(Manta manta, ActorRef<Keeper> keeper) {
    byte[] value = new byte[10 << 20];
    value[0] = 42;
    ObjectRef<byte[]> ref = manta.put(value);
    List<ObjectRef<byte[]>> passed = List.of(ref);
    keeper.run(k -> k.keep(passed.get(0))).get();
  }

  /** R7: the argument of a pending task, though its caller dropped it. */
  @Test
  void argumentOfAPendingTask_survivesPressure(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Integer> task = taskWithALargeArgument(manta, gate);
    Gate.awaitReached(gate);
    for (int i = 0; i < TWO_HEAPS; i++) {
      assertThat(manta.put(new byte[LARGE]).isDone()).isTrue();
    }

    Gate.open(gate);

    assertThat(task.get()).isEqualTo(42);
  }

  private static ObjectRef<Integer> taskWithALargeArgument(Manta manta, ActorRef<Gate> gate) {
    byte[] value = new byte[10 << 20];
    value[0] = 42;
    ObjectRef<byte[]> ref = manta.put(value);
    return manta.submit(
        () -> {
          Gate.pass(gate);
          return (int) ref.get()[0];
        });
  }
}
