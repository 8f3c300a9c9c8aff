package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.RemoteQueue;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.Journal;
import dev.manta.behaviours.support.OneProcess;
import dev.manta.behaviours.support.WithManta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** B4: a queue that tasks and actors share. */
@ExtendWith(WithManta.class)
class RemoteQueueTest {
  private static final Duration SHORT = Duration.ofMillis(1);

  /** Takes from a queue that it holds. */
  static final class Taker {
    private final RemoteQueue<String> queue;

    Taker(RemoteQueue<String> queue) {
      this.queue = queue;
    }

    String take() {
      return queue.take();
    }

    int one() {
      return 1;
    }
  }

  /** B4. */
  @Test
  void items_comeOutInTheirOrder_andTheBoundHolds(Manta manta) {
    RemoteQueue<String> queue = RemoteQueue.create(manta, 2);
    queue.put("a");
    assertThat(queue.offer("b")).isTrue();

    boolean third = queue.offer("c");

    assertThat(third).isFalse();
    assertThat(queue.offer("c", SHORT)).isFalse();
    assertThat(queue.size()).isEqualTo(2);
    assertThat(queue.capacity()).isEqualTo(2);
    assertThat(queue.take()).isEqualTo("a");
    assertThat(queue.poll()).isEqualTo("b");
    assertThat(queue.poll()).isNull();
    assertThat(queue.poll(SHORT)).isNull();
    assertThat(queue.size()).isZero();
  }

  /** B4. */
  @Test
  void blockedPut_isFreedByATake(Manta manta) {
    RemoteQueue<String> queue = RemoteQueue.create(manta, 1);
    queue.put("first");
    ObjectRef<Void> putting = manta.run(() -> queue.put("second"));

    String taken = queue.take();

    assertThat(taken).isEqualTo("first");
    putting.get();
    assertThat(queue.take()).isEqualTo("second");
  }

  /** B4: a time-out that loses nothing and adds nothing. */
  @Test
  void timedOutOfferAndPoll_leaveNothingBehind(Manta manta) {
    RemoteQueue<String> queue = RemoteQueue.create(manta, 1);
    assertThat(queue.poll(SHORT)).isNull();
    queue.put("kept");
    assertThat(queue.offer("refused", SHORT)).isFalse();

    String taken = queue.take();

    assertThat(taken).isEqualTo("kept");
    assertThat(queue.size()).isZero();
    assertThat(queue.offer("next")).isTrue();
    assertThat(queue.take()).isEqualTo("next");
  }

  /** B4: a waiting taker gets the item. */
  @Test
  void waitingTake_getsTheNextPut(Manta manta) {
    RemoteQueue<String> queue = RemoteQueue.create(manta, 1);
    ActorRef<Taker> taker = manta.actor(() -> new Taker(queue));
    ObjectRef<String> taken = taker.call(Taker::take);
    assertThat(taker.call(Taker::one).get()).isEqualTo(1);

    queue.put("x");

    assertThat(taken.get()).isEqualTo("x");
    assertThat(queue.size()).isZero();
  }

  /** B4: a taker that was cancelled takes nothing with it. */
  @Tag(OneProcess.ONLY) // a cancel that goes through another process may come after the item
  @Test
  void cancelledTake_losesNoItem(Manta manta) {
    RemoteQueue<String> queue = RemoteQueue.create(manta, 1);
    ActorRef<Taker> taker = manta.actor(() -> new Taker(queue));
    ObjectRef<String> cancelled = taker.call(Taker::take);
    assertThat(taker.call(Taker::one).get()).isEqualTo(1);

    cancelled.cancel();
    queue.put("x");

    assertThat(queue.take()).isEqualTo("x");
  }

  /** B4: the item of a cancelled put does not come later. */
  @Tag(OneProcess.ONLY) // a cancel that goes through another process may come after the item
  @Test
  void cancelledPut_addsNothing(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    RemoteQueue<String> queue = RemoteQueue.create(manta, 1);
    queue.put("first");
    ObjectRef<Void> putting =
        manta.run(
            () -> {
              gate.run(Gate::open);
              queue.put("second");
            });
    Gate.pass(gate);

    putting.cancel();

    assertThat(queue.take()).isEqualTo("first");
    assertThat(queue.poll(SHORT)).isNull();
  }

  /** B4: first in, first out, of several producers to several consumers. */
  @Test
  void severalProducersAndConsumers_loseAndDoubleNothing(Manta manta) {
    RemoteQueue<Integer> queue = RemoteQueue.create(manta, 3);
    List<ObjectRef<Void>> producers = new ArrayList<>();
    for (int p = 0; p < 4; p++) {
      int from = p * 100;
      producers.add(
          manta.run(
              () -> {
                for (int i = 0; i < 100; i++) {
                  queue.put(from + i);
                }
              }));
    }

    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      taken.add(queue.take());
    }

    manta.getAll(producers);
    assertThat(taken)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 400).boxed().toList());
    for (int p = 0; p < 4; p++) {
      int producer = p;
      assertThat(taken.stream().filter(n -> n / 100 == producer)).isSorted();
    }
  }

  /** B4: items are copies, and waits are await points. */
  @Test
  void items_areCopies(Manta manta) {
    RemoteQueue<List<String>> queue = RemoteQueue.create(manta, 1);
    List<String> item = new ArrayList<>(List.of("as put"));
    queue.put(item);

    item.set(0, "changed");

    assertThat(queue.take()).containsExactly("as put");
  }

  /** B4: a handle to a queue that is held by a value lives. */
  @Test
  void queueInsideAValue_travels(Manta manta) {
    RemoteQueue<String> queue = RemoteQueue.create(manta, 1);
    List<RemoteQueue<String>> queues = List.of(queue);
    ActorRef<Journal> journal = manta.actor(Journal::new);

    manta.run(() -> queues.get(0).put("through a list")).get();

    assertThat(queue.take()).isEqualTo("through a list");
    assertThat(Journal.lines(journal)).isEmpty();
  }
}
