package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Journal;
import dev.manta.behaviours.support.OneProcess;
import dev.manta.behaviours.support.WithManta;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Named actors. */
@ExtendWith(WithManta.class)
class NamesTest {
  /** Counts, and tells the journal that it was built. */
  static final class Counter {
    private int count;

    Counter() {}

    Counter(ActorRef<Journal> journal) {
      Journal.add(journal, "built");
    }

    int next() {
      return ++count;
    }
  }

  private static final ActorOptions NAMED = ActorOptions.named("counter");

  /** N1. */
  @Test
  void getOrCreate_ofManyCallersAtOnce_createsOne(Manta manta) throws InterruptedException {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    CountDownLatch begin = new CountDownLatch(1);
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      callers.add(
          Thread.startVirtualThread(
              () -> {
                awaitQuietly(begin);
                ActorRef<Counter> counter = manta.getOrCreate(NAMED, () -> new Counter(journal));
                var _ = counter.call(Counter::next).get();
              }));
    }
    ActorRef<Counter> held = manta.getOrCreate(NAMED, () -> new Counter(journal));

    begin.countDown();

    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(held.call(Counter::next).get()).isEqualTo(21);
    assertThat(Journal.lines(journal)).containsExactly("built");
  }

  /** N1, with nobody there before the callers. */
  @Test
  void getOrCreate_ofManyCallersAtOnce_givesAllTheSame(Manta manta) throws InterruptedException {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    CountDownLatch begin = new CountDownLatch(1);
    List<ActorRef<Counter>> handles = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      callers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    awaitQuietly(begin);
                    handles.add(manta.getOrCreate(NAMED, () -> new Counter(journal)));
                  }));
    }

    begin.countDown();

    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(handles.stream().map(h -> h.call(Counter::next).get()))
        .hasSize(20)
        .doesNotHaveDuplicates()
        .contains(20);
    assertThat(Journal.lines(journal)).containsExactly("built");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** N1. */
  @Test
  void takenName_isRefused_namingWhoHasIt(Manta manta) {
    ActorRef<Counter> first = manta.actor(NAMED, () -> new Counter());
    assertThat(first.call(Counter::next).get()).isEqualTo(1);

    assertThatThrownBy(() -> manta.actor(NAMED, Journal::new))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("counter")
        .hasMessageContaining("Counter");

    assertThat(first.call(Counter::next).get()).isEqualTo(2);
  }

  /** N1. */
  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void blankName_isRefused(String blank) {
    assertThatThrownBy(() -> ActorOptions.named(blank))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("blank");
    assertThatThrownBy(() -> ActorOptions.serial().name(blank))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("blank");
  }

  /** N1: there is nothing to get without a name. */
  @Test
  void getOrCreateWithoutAName_isRefused(Manta manta) {
    assertThatThrownBy(() -> manta.getOrCreate(ActorOptions.async(), () -> new Counter()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name");
  }

  /** N2. */
  @Test
  void handleFromAName_sharesTheState(Manta manta) {
    ActorRef<Counter> counter = manta.actor(NAMED, () -> new Counter());
    assertThat(counter.call(Counter::next).get()).isEqualTo(1);

    ActorRef<Counter> found = manta.find("counter", Counter.class).orElseThrow();

    assertThat(found.call(Counter::next).get()).isEqualTo(2);
    assertThat(manta.find("nobody", Counter.class)).isEmpty();
  }

  /** N2: of another class than asked for. */
  @Test
  void find_withAnotherClass_isRefused(Manta manta) {
    ActorRef<Counter> counter = manta.actor(NAMED, () -> new Counter());
    assertThat(counter.call(Counter::next).get()).isEqualTo(1);

    assertThatThrownBy(() -> manta.find("counter", Journal.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Counter");
  }

  /** N2: its own restart keeps the name. */
  @Test
  void restartedActor_keepsItsName(Manta manta) {
    ActorRef<Counter> counter = manta.actor(NAMED.maxRestarts(1), () -> new Counter());
    assertThat(counter.call(Counter::next).get()).isEqualTo(1);

    manta.killAndRestart(counter);

    assertThat(manta.find("counter", Counter.class).orElseThrow().call(Counter::next).get())
        .isEqualTo(1);
  }

  /** N2. */
  @Test
  void deadActor_freesItsName(Manta manta) {
    ActorRef<Counter> counter = manta.actor(NAMED, () -> new Counter());
    assertThat(counter.call(Counter::next).get()).isEqualTo(1);

    manta.kill(counter);

    assertThat(manta.find("counter", Counter.class)).isEmpty();
    assertThat(manta.actor(NAMED, () -> new Counter()).call(Counter::next).get()).isEqualTo(1);
  }

  /** N2: an actor whose constructor failed frees its name too. */
  @Tag(OneProcess.ONLY) // the driver learns of the end a moment after a call does
  @Test
  void actorThatWasNeverBuilt_freesItsName(Manta manta) {
    ActorRef<Counter> unborn =
        manta.actor(
            NAMED,
            () -> {
              throw new IllegalStateException("on purpose");
            });
    assertThatThrownBy(() -> unborn.call(Counter::next).get()).hasRootCauseMessage("on purpose");

    ActorRef<Counter> next = manta.actor(NAMED, () -> new Counter());

    assertThat(next.call(Counter::next).get()).isEqualTo(1);
  }

  /** N2, DESIGN "Life": a name does not keep an actor alive, `detached` does. */
  @Test
  void name_doesNotKeepAnActorAlive_detachedDoes(Manta manta) {
    createAndForget(manta, NAMED);
    createAndForget(manta, ActorOptions.named("daemon").detached());

    Eventually.until(
        "the forgotten actor is gone",
        () -> {
          System.gc();
          return manta.find("counter", Counter.class).isEmpty();
        });

    ActorRef<Counter> daemon = manta.find("daemon", Counter.class).orElseThrow();
    assertThat(daemon.call(Counter::next).get()).isEqualTo(2);
  }

  /** N2. */
  @Test
  void thousandRoundsOfCreateAndDrop_leaveNothing(Manta manta) {
    for (int i = 0; i < 1000; i++) {
      createAndForget(manta, ActorOptions.named("round " + i).cpus(0.001));
    }

    Eventually.until(
        "no actor is left",
        () -> {
          System.gc();
          return manta.stats().actors().isEmpty();
        });
    assertThat(manta.find("round 0", Counter.class)).isEmpty();
    Eventually.until(
        "their resources are free", () -> manta.stats().free().equals(manta.stats().resources()));
  }

  private static void createAndForget(Manta manta, ActorOptions options) {
    ActorRef<Counter> counter = manta.actor(options, () -> new Counter());
    assertThat(counter.call(Counter::next).get()).isEqualTo(1);
  }
}
