package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.WithManta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Named limits within an actor. */
@ExtendWith(WithManta.class)
class ConcurrencyGroupsTest {
  private static final CallOptions IO = CallOptions.DEFAULT.group("io");
  private static final CallOptions COMPUTE = CallOptions.DEFAULT.group("compute");

  /** G1: each group's limit is reached and held, for calls that name their group. */
  @ParameterizedTest
  @EnumSource(names = {"ASYNC", "THREADED"})
  void limits_areReachedAndHeld(ActorOptions.Kind kind, Manta manta) {
    ActorRef<Peaks> peaks = manta.actor(options(kind), Peaks::new);
    ActorRef<Gate> gate = Gate.closed(manta);

    List<ObjectRef<Void>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(peaks.with(IO).run(p -> p.pass("io", gate)));
      calls.add(peaks.with(COMPUTE).run(p -> p.pass("compute", gate)));
    }
    peaks.call(p -> p.awaitInside(Map.of("io", 2, "compute", 4))).get();
    Gate.open(gate);
    manta.getAll(calls);

    assertThat(peaks.call(Peaks::peaks).get()).containsExactlyInAnyOrderEntriesOf(
        Map.of("io", 2, "compute", 4));
  }

  /** G1: a call that names no group runs in its method's. */
  @Test
  void callWithoutAGroup_runsInItsMethods(Manta manta) {
    ActorRef<Peaks> peaks =
        manta.actor(ActorOptions.async().group("io", 2, "read", "write"), Peaks::new);
    ActorRef<Gate> gate = Gate.closed(manta);
    List<ObjectRef<Void>> calls = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      calls.add(i % 2 == 0 ? peaks.run(p -> p.read(gate)) : peaks.run(p -> p.write(gate)));
    }
    peaks.call(p -> p.awaitInside(Map.of("io", 2))).get();

    Gate.open(gate);

    manta.getAll(calls);
    assertThat(peaks.call(Peaks::peaks).get()).containsEntry("io", 2);
  }

  /** G1: the group that a call names wins over its method's. */
  @Test
  void groupOfTheCall_winsOverTheMethods(Manta manta) {
    ActorRef<Peaks> peaks =
        manta.actor(
            ActorOptions.async().group("io", 1, "read").group("compute", 3), Peaks::new);
    ActorRef<Gate> gate = Gate.closed(manta);
    List<ObjectRef<Void>> calls =
        IntStream.range(0, 6)
            .mapToObj(i -> peaks.with(COMPUTE).run(p -> p.read(gate)))
            .toList();

    // three are inside where the group of the method would let in one
    peaks.call(p -> p.awaitInside(Map.of("io", 3))).get();

    Gate.open(gate);
    manta.getAll(calls);
    assertThat(peaks.call(Peaks::peaks).get()).containsEntry("io", 3);
  }

  /** G2: a full group holds up neither another group nor calls of no group. */
  @ParameterizedTest
  @EnumSource(names = {"ASYNC", "THREADED"})
  void fullGroup_doesNotHoldUpOthers(ActorOptions.Kind kind, Manta manta) {
    ActorRef<Peaks> peaks = manta.actor(options(kind), Peaks::new);
    ActorRef<Gate> gate = Gate.closed(manta);
    List<ObjectRef<Void>> stuck =
        IntStream.range(0, 50)
            .mapToObj(i -> peaks.with(IO).run(p -> p.pass("io", gate)))
            .toList();
    Gate.awaitReached(gate);

    List<Integer> others =
        manta.getAll(
            IntStream.range(0, 20)
                .mapToObj(i -> (i % 2 == 0 ? peaks : peaks.with(COMPUTE)).call(p -> i))
                .toList());

    assertThat(others).hasSize(20);
    assertThat(stuck).noneMatch(ObjectRef::isDone);
    Gate.open(gate);
    manta.getAll(stuck);
  }

  /** G3: a group that the actor has not is refused where the call is submitted. */
  @Test
  void unknownGroup_isRefusedWithTheKnownOnes(Manta manta) {
    ActorRef<Peaks> peaks = manta.actor(options(ActorOptions.Kind.ASYNC), Peaks::new);
    CallOptions disk = CallOptions.DEFAULT.group("disk");

    assertThatThrownBy(() -> peaks.with(disk).call(Peaks::peaks))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("disk")
        .hasMessageContaining("io")
        .hasMessageContaining("compute");
  }

  private static ActorOptions options(ActorOptions.Kind kind) {
    ActorOptions of =
        kind == ActorOptions.Kind.ASYNC ? ActorOptions.async() : ActorOptions.threaded(8);
    return of.group("io", 2).group("compute", 4);
  }

  /** Counts who is inside. Synchronised, for it may be threaded too; never while it waits. */
  static final class Peaks {
    private final Map<String, Integer> inside = new HashMap<>();
    private final Map<String, Integer> peaks = new HashMap<>();

    void read(ActorRef<Gate> gate) {
      pass("io", gate);
    }

    void write(ActorRef<Gate> gate) {
      pass("io", gate);
    }

    void pass(String group, ActorRef<Gate> gate) {
      enter(group);
      Gate.pass(gate);
      synchronized (this) {
        inside.merge(group, -1, Integer::sum);
      }
    }

    private synchronized void enter(String group) {
      int now = inside.merge(group, 1, Integer::sum);
      peaks.merge(group, now, Math::max);
    }

    boolean awaitInside(Map<String, Integer> expected) {
      while (!isInside(expected)) {
        Manta.yield();
      }
      return true;
    }

    private synchronized boolean isInside(Map<String, Integer> expected) {
      return inside.equals(expected);
    }

    synchronized Map<String, Integer> peaks() {
      return Map.copyOf(peaks);
    }
  }
}
