package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.EndlessWaitException;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.Reason;
import dev.manta.behaviours.support.Errors;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Journal;
import dev.manta.behaviours.support.OneProcess;
import dev.manta.behaviours.support.WithManta;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Misuse: dead and foreign actors, refs that wait for their own caller, code at the wrong place. */
@ExtendWith(WithManta.class)
class DeadAndForeignTest {
  /** Hands a task its own ref. */
  static final class Mail {
    private final CompletableFuture<List<ObjectRef<Integer>>> letter = new CompletableFuture<>();

    void put(List<ObjectRef<Integer>> refs) {
      letter.complete(refs);
    }

    List<ObjectRef<Integer>> take() {
      return Manta.await(letter);
    }
  }

  /** Does not come back from its constructor until it is told to. */
  static final class Slow {
    Slow(ActorRef<Journal> journal) {
      Journal.add(journal, "constructing");
      Manta.await(new CompletableFuture<Void>());
    }

    int one() {
      return 1;
    }
  }

  /** Never looks up in its constructor. */
  static final class Spinning {
    static volatile boolean stop;

    Spinning() {
      while (!stop) {
        Thread.onSpinWait();
      }
    }

    int one() {
      return 1;
    }
  }

  /** A call on a dead actor. */
  @Test
  void everyCallOnADeadActor_failsNotExecuted(Manta manta) {
    ActorRef<Journal> dead = manta.actor(Journal::new);
    manta.kill(dead);

    Errors.of(dead.call(Journal::lines), NotExecutedException.class, Reason.ACTOR_DIED);
    Errors.of(dead.run(j -> j.add("x")), NotExecutedException.class, Reason.ACTOR_DIED);
    Errors.of(dead.callWhenRoom(Journal::lines), NotExecutedException.class, Reason.ACTOR_DIED);
    Errors.of(
        dead.callAsync(j -> CompletableFuture.completedFuture(1)),
        NotExecutedException.class,
        Reason.ACTOR_DIED);
    assertThatThrownBy(() -> dead.stream(j -> j.lines().stream()).iterator().next())
        .isInstanceOf(NotExecutedException.class)
        .hasMessageContaining("killed");
  }

  /** A foreign actor: one of another Manta. */
  @Test
  void actorOfAnotherManta_isRefused(Manta manta) {
    try (Manta other = Manta.start()) {
      ActorRef<Journal> foreign = other.actor(Journal::new);

      assertThatThrownBy(() -> manta.kill(foreign))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another Manta");
      assertThatThrownBy(() -> manta.killAndRestart(foreign))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another Manta");
      assertThatThrownBy(() -> manta.run(() -> Journal.add(foreign, "x")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another Manta");

      Journal.add(foreign, "still there");
      assertThat(Journal.lines(foreign)).containsExactly("still there");
    }
  }

  /** A foreign ref: one of another Manta. */
  @Test
  void refOfAnotherManta_isRefusedAsACapture(Manta manta) {
    try (Manta other = Manta.start()) {
      ObjectRef<Integer> foreign = other.put(1);

      assertThatThrownBy(() -> manta.submit(() -> foreign.get()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another Manta");
    }
  }

  /** Foreign implementations of the interfaces. */
  @Test
  void refThatIsNotMantas_isRefused(Manta manta) {
    ActorRef<?> fake =
        (ActorRef<?>) java.lang.reflect.Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[]{ActorRef.class}, (p, m, a) -> null);

    assertThatThrownBy(() -> manta.kill(fake)).isInstanceOf(IllegalArgumentException.class);
  }

  /** Get of a ref that waits for the caller: a task's own. */
  @Tag(OneProcess.ONLY) // the chain of waits goes through other processes
  @Test
  void taskThatGetsItsOwnRef_isToldThatItCouldNeverEnd(Manta manta) {
    ActorRef<Mail> mail = manta.actor(Mail::new);
    ObjectRef<Integer> own = manta.submit(() -> mail.call(Mail::take).get().get(0).get());

    List<ObjectRef<Integer>> letter = List.of(own);
    mail.run(m -> m.put(letter));

    assertThatThrownBy(own::get).hasRootCauseInstanceOf(EndlessWaitException.class);
  }

  /** Get of a ref that waits for the caller: two tasks. */
  @Tag(OneProcess.ONLY) // the chain of waits goes through other processes
  @Test
  void twoTasksThatGetEachOther_oneIsTold(Manta manta) {
    ActorRef<Mail> mail = manta.actor(Mail::new);
    ObjectRef<Integer> first = manta.submit(() -> mail.call(Mail::take).get().get(0).get() + 1);
    List<ObjectRef<Integer>> toFirst = List.of(first);
    ObjectRef<Integer> second = manta.submit(() -> toFirst.get(0).get() + 1);

    List<ObjectRef<Integer>> letter = List.of(second);
    mail.run(m -> m.put(letter));

    assertThatThrownBy(second::get).hasRootCauseInstanceOf(EndlessWaitException.class);
    assertThatThrownBy(first::get).hasRootCauseInstanceOf(EndlessWaitException.class);
  }

  /** Blocking get on the last CPU slot. */
  @Tag(OneProcess.ONLY) // two workers offer two CPUs
  @Test
  void getOnTheLastCpuSlot_givesItBack() {
    try (Manta manta = Manta.start(LocalOptions.local().cpus(1))) {
      int result =
          manta.submit(() -> 1 + Manta.current().<Integer>submit(() -> 2).get()).get();

      assertThat(result).isEqualTo(3);
      Eventually.until("it is free", () -> manta.stats().free().get("cpu") == 1.0);
    }
  }

  /** An actor constructor that never returns: the deadline, where it waits. */
  @Test
  void constructorThatWaitsForEver_endsAtItsDeadline(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Slow> slow =
        manta.actor(
            ActorOptions.async().startDeadline(Duration.ofMillis(50)).maxRestarts(3),
            () -> new Slow(journal));

    ObjectRef<Integer> call = slow.call(Slow::one);

    assertThat(Errors.of(call, NotExecutedException.class, Reason.ACTOR_DIED))
        .hasMessageContaining("constructor")
        .hasMessageContaining("PT0.05S");
    Errors.of(slow.call(Slow::one), NotExecutedException.class, Reason.ACTOR_DIED);
  }

  /** An actor constructor that never returns: the deadline, where it computes. */
  @Test
  @Tag(OneProcess.ONLY) // a static field ends its loop
  void constructorThatComputesForEver_endsAtItsDeadline(Manta manta) {
    Spinning.stop = false;
    try {
      ActorRef<Spinning> spinning =
          manta.actor(
              ActorOptions.async().startDeadline(Duration.ofMillis(50)), Spinning::new);

      ObjectRef<Integer> call = spinning.call(Spinning::one);

      Errors.of(call, NotExecutedException.class, Reason.ACTOR_DIED);
    } finally {
      Spinning.stop = true;
    }
  }

  /** Code at the wrong place says where it belongs. */
  @Test
  void methodsOfCalls_outsideOfCalls_areRefused() {
    assertThatThrownBy(Manta::current).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(Manta::self).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(Manta::turn).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(Manta::attempt).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(Manta::exit).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Manta.onTurn(CompletableFuture.completedFuture(1)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(Manta.isCancelled()).isFalse();
    assertThat(Manta.remaining()).isEmpty();
    assertThat(Manta.await(CompletableFuture.completedFuture(1))).isEqualTo(1);
  }

  /** `call` of a method that returns a stage says what to use. */
  @Test
  void callOfAMethodThatReturnsAStage_namesCallAsync(Manta manta) {
    ActorRef<Journal> journal = manta.actor(Journal::new);

    ObjectRef<?> ref = journal.call(j -> CompletableFuture.completedFuture(1));

    assertThatThrownBy(ref::get).hasStackTraceContaining("callAsync");
  }
}
