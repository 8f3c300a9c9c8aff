package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.EndlessWaitException;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.TaskFailedException;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.WithManta;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Actors that run one call from start to end before the next. */
@ExtendWith(WithManta.class)
class SerialActorsTest {

  /** T4, CONTRACT 4: a thousand calls from five callers, and one more through a passed handle. */
  @Test
  void callsOfEachCaller_runInOrder(Manta manta) {
    ActorRef<Items> items = manta.actor(ActorOptions.serial(), Items::new);

    List<ObjectRef<Integer>> callers =
        IntStream.range(0, 5).mapToObj(c -> manta.submit(() -> sendAll(c, items))).toList();
    manta.getAll(callers);
    manta.run(() -> items.run(i -> i.add(9, 0)).get()).get();

    List<Items.Item> all = items.call(i -> List.copyOf(i.all)).get();
    assertThat(all).hasSize(1001);
    assertThat(all.getLast()).isEqualTo(new Items.Item(9, 0));
    for (int c = 0; c < 5; c++) {
      int caller = c;
      assertThat(all.stream().filter(i -> i.caller == caller).map(Items.Item::number))
          .containsExactlyElementsOf(IntStream.range(0, 200).boxed().toList());
    }
  }

  /** T4: a call that waits amid its work is not overtaken. */
  @Test
  void callThatWaits_isNotOvertaken(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Items> items = manta.actor(ActorOptions.serial(), Items::new);
    items.run(
        i -> {
          i.add(1, 0);
          Gate.pass(gate);
          i.add(1, 1);
        });
    ObjectRef<Void> second = items.run(i -> i.add(2, 0));
    Gate.awaitReached(gate);
    assertThat(second.isDone()).isFalse();

    Gate.open(gate);

    second.get();
    assertThat(items.call(i -> List.copyOf(i.all)).get())
        .containsExactly(new Items.Item(1, 0), new Items.Item(1, 1), new Items.Item(2, 0));
  }

  /** T4, CONTRACT 4: a call whose captured ref is not ready holds up the later ones. */
  @Test
  void callWithAPendingDependency_isNotOvertaken(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Boolean> passed = gate.call(Gate::pass);
    ActorRef<Items> items = manta.actor(ActorOptions.serial(), Items::new);
    items.run(i -> i.add(1, passed.get() ? 1 : 0));
    ObjectRef<Void> second = items.run(i -> i.add(2, 0));
    Gate.awaitReached(gate);
    assertThat(second.isDone()).isFalse();

    Gate.open(gate);

    second.get();
    assertThat(items.call(i -> List.copyOf(i.all)).get())
        .containsExactly(new Items.Item(1, 1), new Items.Item(2, 0));
  }

  /** T4's counterpart, CONTRACT 4: on an async actor a later ready call is not held up. */
  @Test
  void asyncActor_aLaterReadyCallIsNotHeldUp(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Boolean> passed = gate.call(Gate::pass);
    ActorRef<Items> items = manta.actor(Items::new);
    ObjectRef<Void> first = items.run(i -> i.add(1, passed.get() ? 1 : 0));

    items.run(i -> i.add(2, 0)).get();

    assertThat(first.isDone()).isFalse();
    Gate.open(gate);
    first.get();
    assertThat(items.call(i -> List.copyOf(i.all)).get())
        .containsExactly(new Items.Item(2, 0), new Items.Item(1, 1));
  }

  /** T5: a serial actor that waits for its own next call fails at once, with the chain. */
  @Test
  void waitForItsOwnNextCall_failsWithTheChain(Manta manta) {
    ActorRef<Items> items =
        manta.actor(ActorOptions.serial().name("ledger"), Items::new);

    ObjectRef<Integer> call = items.call(Items::waitForMyself);

    assertThatThrownBy(call::get)
        .isInstanceOf(TaskFailedException.class)
        .cause()
        .isInstanceOf(EndlessWaitException.class)
        .hasMessageContaining("waitForMyself")
        .hasMessageContaining("size")
        .hasMessageContaining("ledger");
    assertThat(items.call(Items::size).get()).isZero();
  }

  private static int sendAll(int caller, ActorRef<Items> items) {
    List<ObjectRef<Void>> sent = new ArrayList<>();
    for (int n = 0; n < 200; n++) {
      int number = n;
      sent.add(items.run(i -> i.add(caller, number)));
    }
    return Manta.current().getAll(sent).size();
  }

  /** Keeps what it is given. */
  static final class Items {
    final List<Item> all = new ArrayList<>();

    record Item(int caller, int number) {}

    void add(int caller, int number) {
      all.add(new Item(caller, number));
    }

    int size() {
      return all.size();
    }

    int waitForMyself() {
      ActorRef<Items> self = Manta.self();
      return self.call(Items::size).get();
    }
  }
}
