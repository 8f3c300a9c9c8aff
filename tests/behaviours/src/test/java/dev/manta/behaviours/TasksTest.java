package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.MantaStats;
import dev.manta.ObjectRef;
import dev.manta.Ready;
import dev.manta.TaskFailedException;
import dev.manta.TaskOptions;
import dev.manta.behaviours.support.Errors;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.Journal;
import dev.manta.behaviours.support.WithManta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tasks, their refs, and waiting for them. */
@ExtendWith(WithManta.class)
class TasksTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Greets in a default method. */
  interface Greeter {
    String name();

    default String greet() {
      return "I am " + name();
    }
  }

  /** A plain one. */
  static class Person implements Greeter {
    @Override
    public String name() {
      return "a person";
    }

    String kind() {
      return "person";
    }
  }

  /** Overrides. */
  static final class Pilot extends Person {
    @Override
    public String name() {
      return "a pilot";
    }

    @Override
    String kind() {
      return "pilot";
    }

    String kind(String of) {
      return of + " pilot";
    }

    String kinds(String... of) {
      return String.join("+", of);
    }

    <E extends Comparable<E>> E most(List<E> of) {
      return java.util.Collections.max(of);
    }
  }

  /** R2. */
  @Test
  void getAll_throwsTheFirstErrorThoughAnotherStillRuns(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Integer> slow = manta.submit(() -> gate.call(Gate::pass).get() ? 1 : 0);
    ObjectRef<Integer> failing =
        manta.submit(
            () -> {
              throw new IllegalStateException("early");
            });

    assertThatThrownBy(() -> manta.getAll(List.of(slow, failing)))
        .isInstanceOf(TaskFailedException.class)
        .hasRootCauseMessage("early");

    assertThat(slow.isDone()).isFalse();
    Gate.open(gate);
    assertThat(slow.get()).isEqualTo(1);
  }

  /** R2: values in the order of the refs. */
  @Test
  void getAll_keepsTheOrder(Manta manta) {
    List<ObjectRef<Integer>> refs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int n = i;
      refs.add(manta.submit(() -> n * n));
    }

    List<Integer> squares = manta.getAll(refs);

    assertThat(squares).hasSize(20).isSorted().endsWith(361);
    assertThat(manta.getAll(List.<ObjectRef<Integer>>of())).isEmpty();
  }

  /** R3. */
  @Test
  void waitForNothing_isEmpty(Manta manta) {
    Ready<Integer> none = manta.wait(List.<ObjectRef<Integer>>of(), 0, MINUTE);

    assertThat(none.ready()).isEmpty();
    assertThat(none.pending()).isEmpty();
  }

  /** R3. */
  @Test
  void waitForWhatMakesNoSense_isRefused(Manta manta) {
    ObjectRef<Integer> one = manta.put(1);
    List<ObjectRef<Integer>> ones = List.of(one);

    assertThatThrownBy(() -> manta.wait(null, 1, MINUTE)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> manta.wait(Arrays.asList(one, null), 1, MINUTE))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> manta.wait(ones, 1, null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> manta.wait(ones, 1, Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> one.get(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> manta.wait(ones, 0, MINUTE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> manta.wait(ones, 2, MINUTE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> manta.wait(List.of(one, one), 1, MINUTE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** R3: some are ready, others not; both lists keep the order. */
  @Test
  void wait_tellsReadyFromPending(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Boolean> slow = gate.call(Gate::pass);
    ObjectRef<Boolean> done = manta.put(true);

    Ready<Boolean> one = manta.wait(List.of(slow, done), 1, MINUTE);
    Ready<Boolean> both = manta.wait(List.of(slow, done), 2, Duration.ofMillis(1));

    assertThat(one.ready()).containsExactly(done);
    assertThat(one.pending()).containsExactly(slow);
    assertThat(both).isEqualTo(one);
    Gate.open(gate);
    assertThat(manta.wait(List.of(slow, done), 2, MINUTE).ready()).containsExactly(slow, done);
  }

  /** R4. */
  @Test
  void getTwice_givesTheSameObject(Manta manta) {
    ObjectRef<List<String>> ref = manta.submit(() -> new ArrayList<>(List.of("a")));

    List<String> first = ref.get();

    assertThat(ref.get()).isSameAs(first);
    assertThat(ref.get(MINUTE)).isSameAs(first);
    assertThat(ref.toCompletableFuture().join()).isSameAs(first);
  }

  /** R4. */
  @Test
  void largeArgumentsAndResults_arriveWhole(Manta manta) {
    byte[] large = new byte[20 << 20];
    large[large.length - 1] = 7;

    byte[] result =
        manta
            .submit(
                () -> {
                  large[0] = 1;
                  return large;
                })
            .get();

    assertThat(result.length).isEqualTo(large.length);
    assertThat(result[0]).isEqualTo((byte) 1);
    assertThat(result[result.length - 1]).isEqualTo((byte) 7);
    assertThat(large[0]).isZero();
  }

  /** R4: also inside collections. */
  @Test
  void handlesAsArguments_callTheirActors(Manta manta) {
    ActorRef<Journal> journal = manta.actor(Journal::new);
    Map<String, List<ActorRef<Journal>>> nested = Map.of("journals", List.of(journal, journal));

    manta.run(() -> nested.get("journals").forEach(j -> Journal.add(j, "nested"))).get();

    assertThat(Journal.lines(journal)).containsExactly("nested", "nested");
  }

  /** R4. */
  @Test
  void overriddenAndDefaultMethods_dispatchOnTheRealClass(Manta manta) {
    ActorRef<Person> person = manta.actor(Pilot::new);
    ActorRef<Greeter> greeter = manta.actor(Pilot::new);

    String kind = person.call(Person::kind).get();

    assertThat(kind).isEqualTo("pilot");
    assertThat(greeter.call(Greeter::greet).get()).isEqualTo("I am a pilot");
    assertThat(person.call(p -> p.greet()).get()).isEqualTo("I am a pilot");
  }

  /** R4: overloads, varargs and generic methods. */
  @Test
  void overloadsVarargsAndGenericMethods_areCalled(Manta manta) {
    ActorRef<Pilot> pilot = manta.actor(Pilot::new);

    assertThat(pilot.<String>call(p -> p.kind()).get()).isEqualTo("pilot");
    assertThat(pilot.call(p -> p.kind("test")).get()).isEqualTo("test pilot");
    assertThat(pilot.call(p -> p.kinds("a", "b", "c")).get()).isEqualTo("a+b+c");
    assertThat(pilot.call(p -> p.most(List.of(3, 9, 4))).get()).isEqualTo(9);
  }

  /** R5, R6: a captured ref is a dependency; one that failed fails the task, not executed. */
  @Test
  void capturedRefThatFails_failsTheTaskNotExecuted(Manta manta) {
    ActorRef<Journal> journal = manta.actor(Journal::new);
    ObjectRef<Integer> failing =
        manta.submit(
            () -> {
              throw new IllegalStateException("upstream");
            });

    ObjectRef<Integer> dependent =
        manta.submit(
            () -> {
              Journal.add(journal, "ran");
              return failing.get();
            });

    assertThat(
        Errors.of(
            dependent,
            dev.manta.NotExecutedException.class,
            dev.manta.Reason.DEPENDENCY_FAILED))
        .hasRootCauseMessage("upstream");
    assertThat(Journal.lines(journal)).isEmpty();
  }

  /** R8. */
  @Test
  void nestedGetsOnOneCpu_endWithoutADeadlock() {
    try (Manta manta = Manta.start(LocalOptions.local().cpus(1))) {
      int depth = manta.submit(() -> nested(20)).get();

      assertThat(depth).isEqualTo(20);
    }
  }

  private static int nested(int depth) {
    return depth == 0 ? 0 : 1 + Manta.current().<Integer>submit(() -> nested(depth - 1)).get();
  }

  /** R8: many at once, more than there are CPUs. */
  @Test
  void manyNestedTasksAtOnce_endWithoutADeadlock() {
    try (Manta manta = Manta.start(LocalOptions.local().cpus(2))) {
      List<ObjectRef<Integer>> refs = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        refs.add(manta.submit(() -> nested(5)));
      }

      List<Integer> depths = manta.getAll(refs);

      assertThat(depths).hasSize(20).containsOnly(5);
    }
  }

  /** R8: tasks of fractional CPUs, and of custom resources, run as many at once as fit. */
  @Test
  void resources_limitHowManyRunAtOnce(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    TaskOptions gpu = TaskOptions.DEFAULT.cpus(0.25).resource("gpu", 1);
    List<ObjectRef<Boolean>> refs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      refs.add(manta.submit(gpu, () -> gate.call(Gate::pass).get()));
    }
    Eventually.until("two run", () -> gate.call(Gate::waiting).get() == 2);

    MantaStats stats = manta.stats();

    assertThat(stats.tasksQueued()).isEqualTo(1);
    assertThat(stats.tasksRunning()).isEqualTo(2);
    assertThat(stats.free().get("gpu")).isZero();
    Gate.open(gate);
    assertThat(manta.getAll(refs)).containsOnly(true);
  }

  /** R8: a task that could never run says so, and what there is. */
  @Test
  void taskThatAsksForMoreThanThereIs_isRefused(Manta manta) {
    assertThatThrownBy(() -> manta.submit(TaskOptions.DEFAULT.cpus(5), () -> 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5")
        .hasMessageContaining("4");
    assertThatThrownBy(() -> manta.submit(TaskOptions.DEFAULT.resource("gpu", 3), () -> 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gpu");
    assertThatThrownBy(() -> manta.submit(TaskOptions.DEFAULT.resource("tpu", 1), () -> 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tpu");
  }
}
