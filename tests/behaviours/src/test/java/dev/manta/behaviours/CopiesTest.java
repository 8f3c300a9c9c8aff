package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.WithManta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Arguments and results behave as copies; what can't travel is refused where it is submitted. */
@ExtendWith(WithManta.class)
class CopiesTest {
  /** Keeps what it is given. */
  static final class Box {
    private final List<String> kept = new ArrayList<>(List.of("own"));
    private int size = 7;

    int keepAfter(ActorRef<Gate> gate, List<String> given) {
      Gate.pass(gate);
      kept.addAll(given);
      return kept.size();
    }

    List<String> kept() {
      return kept;
    }

    void put(String s) {
      kept.add(s);
    }

    /** A task that would need this very actor: the field `size` is this.size. */
    ObjectRef<Integer> heavyOnAField() {
      return Manta.current().submit(() -> heavy(size));
    }

    /** The cure: a local copy of the field. */
    int heavyOnALocal() {
      int local = size;
      return Manta.current().<Integer>submit(() -> heavy(local)).get();
    }

    private static int heavy(int n) {
      return n * 2;
    }
  }

  /** Not the test's instance: a holder with an instance lambda. */
  static final class Holder {
    private final CountDownLatch latch = new CountDownLatch(1);

    ObjectRef<Long> submitWithThis(Manta manta) {
      return manta.submit(() -> latch.getCount());
    }
  }

  /** R10: arguments. */
  @Test
  void argumentChangedAfterSubmission_isNotSeenChanged(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Box> box = manta.actor(Box::new);
    List<String> argument = new ArrayList<>(List.of("given"));
    ObjectRef<Integer> call = box.call(b -> b.keepAfter(gate, argument));

    argument.set(0, "changed");

    Gate.open(gate);
    assertThat(call.get()).isEqualTo(2);
    assertThat(box.call(Box::kept).get()).containsExactly("own", "given");
  }

  /** R10: what the actor kept is its own. */
  @Test
  void argumentChangedByTheActor_isNotSeenChangedByTheCaller(Manta manta) {
    ActorRef<Box> box = manta.actor(Box::new);
    List<String> argument = new ArrayList<>(List.of("given"));

    int size = box.call(b -> argument.remove(0).length() + argument.size()).get();

    assertThat(size).isEqualTo(5);
    assertThat(argument).containsExactly("given");
  }

  /** R10: results, both ways. */
  @Test
  void resultChangedAfterItsCall_isNotSeenChanged(Manta manta) {
    ActorRef<Box> box = manta.actor(Box::new);
    ObjectRef<List<String>> ref = box.call(Box::kept);
    box.run(b -> b.put("later")).get();

    List<String> result = ref.get();
    result.add("by the caller");

    assertThat(result).containsExactly("own", "by the caller");
    assertThat(box.call(Box::kept).get()).containsExactly("own", "later");
  }

  /** R10: put takes a copy; every receiver has its own. */
  @Test
  void putValue_isACopy_andEachReceiverHasItsOwn(Manta manta) {
    List<String> value = new ArrayList<>(List.of("as put"));
    ObjectRef<List<String>> ref = manta.put(value);
    value.set(0, "changed");

    String fromATask = manta.submit(() -> ref.get().remove(0)).get();

    assertThat(fromATask).isEqualTo("as put");
    assertThat(manta.<Integer>submit(() -> ref.get().size()).get()).isEqualTo(1);
    assertThat(ref.get()).containsExactly("as put");
  }

  /** A7: a ref in a list or a record is passed as a ref, and awaited as one passed alone. */
  @Test
  void refInAListOrRecord_isAwaitedLikeOnePassedAlone(Manta manta) {
    record Both(List<ObjectRef<Integer>> inList, ObjectRef<Integer> alone) {}

    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Integer> late = manta.submit(() -> gate.call(Gate::pass).get() ? 3 : 0);
    Both both = new Both(List.of(late), late);
    ObjectRef<Integer> sum =
        manta.submit(
            () -> {
              gate.run(Gate::open);
              return both.inList().get(0).get() + both.alone().get();
            });

    assertThat(sum.get()).isEqualTo(6);
  }

  /** R10: shared structure and cycles stay as they are. */
  @Test
  void cyclesAndSharedParts_stayAsTheyAre(Manta manta) {
    Map<String, Object> cycle = new HashMap<>();
    cycle.put("self", cycle);
    List<String> part = new ArrayList<>(List.of("part"));
    List<List<String>> twice = List.of(part, part);

    List<Object> back = manta.<List<Object>>submit(() -> List.of(cycle, twice)).get();

    Map<?, ?> map = (Map<?, ?>) back.get(0);
    assertThat(map.get("self")).isSameAs(map).isNotSameAs(cycle);
    List<?> lists = (List<?>) back.get(1);
    assertThat(lists.get(0)).isSameAs(lists.get(1)).isEqualTo(List.of("part"));
  }

  /** R9. */
  @Test
  void captureThatCanNotTravel_isRefused_namingClassVariableAndCure(Manta manta) {
    ActorRef<Box> box = manta.actor(Box::new);
    CountDownLatch latch = new CountDownLatch(1);

    assertThatThrownBy(() -> manta.submit(() -> latch.getCount()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CountDownLatch")
        .hasMessageContaining("latch");
    assertThatThrownBy(() -> box.call(b -> latch.getCount()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CountDownLatch")
        .hasMessageContaining("latch");

    assertThat(box.call(Box::kept).get()).containsExactly("own");
  }

  /** R9: deep inside a value. */
  @Test
  void captureThatHoldsWhatCanNotTravel_namesThePath(Manta manta) {
    List<Object> things = new ArrayList<>(List.of("ok", Thread.currentThread()));

    assertThatThrownBy(() -> manta.submit(() -> things.size()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Thread")
        .hasMessageContaining("things");
  }

  /** R9: the enclosing instance. */
  @Test
  void capturedEnclosingInstance_isRefused_sayingHowToFixIt(Manta manta) {
    assertThatThrownBy(() -> new Holder().submitWithThis(manta))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Holder")
        .hasMessageContaining("latch");
  }

  /** R9: a result that can't travel fails its call, saying why. */
  @Test
  void resultThatCanNotTravel_failsItsCall(Manta manta) {
    ObjectRef<Thread> ref = manta.submit(Thread::currentThread);

    assertThatThrownBy(ref::get)
        .isInstanceOf(dev.manta.TaskFailedException.class)
        .hasStackTraceContaining("Thread")
        .hasMessageContaining("result");
  }

  /** R12. */
  @Test
  void taskThatCapturesALiveActor_isRefused_namingTheField(Manta manta) {
    ActorRef<Box> box = manta.actor(Box::new);

    ObjectRef<Integer> ref = box.callAsync(Box::heavyOnAField);

    assertThatThrownBy(ref::get)
        .hasRootCauseInstanceOf(IllegalArgumentException.class)
        .rootCause()
        .hasMessageContaining("Box")
        .hasMessageContaining("size");
    assertThat(box.call(Box::heavyOnALocal).get()).isEqualTo(14);
  }

  /** R11: what is hung on a ref inside a call runs in a turn of that actor. */
  @Test
  void continuationInACall_runsInATurnOfItsActor(Manta manta) {
    ActorRef<Box> box = manta.actor(Box::new);
    ActorRef<Box> other = manta.actor(Box::new);

    ObjectRef<String> who =
        box.callAsync(
            b -> other.call(o -> 1).thenApply(one -> Manta.<Box>self().toString()));
    ObjectRef<String> foreign =
        box.callAsync(
            b -> Manta.onTurn(java.util.concurrent.CompletableFuture.supplyAsync(() -> 1))
                .thenApply(one -> Manta.<Box>self().toString()));

    String self = box.call(b -> Manta.<Box>self().toString()).get();
    assertThat(who.get()).isEqualTo(self);
    assertThat(foreign.get()).isEqualTo(self);
    assertThat(other.call(b -> Manta.<Box>self().toString()).get()).isNotEqualTo(self);
  }
}
