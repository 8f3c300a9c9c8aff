package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.Reason;
import dev.manta.Stall;
import dev.manta.TaskFailedException;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.OneProcess;
import dev.manta.behaviours.support.Reports;
import dev.manta.behaviours.support.WithManta;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How async actors end and go on: exit, loops that never end, errors nobody reads, stalls. */
@ExtendWith(WithManta.class)
class AsyncActorLifeTest {

  /** A8: an exit ends the actor although another of its calls would loop for ever. */
  @Test
  void exit_whileAnotherCallLoops_endsTheActor(Manta manta) {
    ActorRef<Poller> poller = manta.actor(Poller::new);
    ObjectRef<Void> loop = poller.run(Poller::loopForEver);
    poller.call(Poller::roundsAfterTheFirst).get();

    ObjectRef<Integer> exit =
        poller.call(
            p -> {
              throw Manta.exit();
            });

    assertThatThrownBy(exit::get)
        .isInstanceOfSatisfying(
            MantaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ACTOR_DIED));
    assertThatThrownBy(() -> poller.call(p -> p.rounds).get())
        .isInstanceOf(NotExecutedException.class)
        .isInstanceOfSatisfying(
            MantaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ACTOR_DIED));
    assertThatThrownBy(loop::get).isInstanceOf(MantaException.class);
    Eventually.until("the actor is gone", () -> manta.stats().actors().isEmpty());
  }

  /** A10, CONTRACT 15: the error of a failed task that nobody looked at is reported, once. */
  @Test
  void droppedUnreadError_isReportedOnce(Manta manta) {
    try (Reports reports = new Reports()) {
      submitAndDrop(manta, "ignored", false);

      reports.collectUntil("ignored");

      // by the time that a later one is reported, a second report would have come too
      submitAndDrop(manta, "later", false);
      reports.collectUntil("later");
      assertThat(reports.mentioning("ignored")).hasSize(1);
    }
  }

  /** A10: likewise the error of a call, on an actor of each kind. */
  @ParameterizedTest
  @EnumSource
  void droppedUnreadErrorOfACall_isReported(ActorOptions.Kind kind, Manta manta) {
    ActorOptions options =
        switch (kind) {
          case ASYNC -> ActorOptions.async();
          case SERIAL -> ActorOptions.serial();
          case THREADED -> ActorOptions.threaded(2);
        };
    ActorRef<Poller> poller = manta.actor(options, Poller::new);
    try (Reports reports = new Reports()) {
      callAndDrop(poller, "ignored");

      reports.collectUntil("ignored");

      assertThat(reports.mentioning("ignored")).hasSize(1);
      assertThat(poller.call(p -> p.rounds).get()).isZero();
    }
  }

  /** A10: an error that somebody looked at is not reported. */
  @Test
  void droppedReadError_isNotReported(Manta manta) {
    try (Reports reports = new Reports()) {
      submitAndDrop(manta, "inspected", true);
      submitAndDrop(manta, "ignored", false);
      reports.collectUntil("ignored");
      submitAndDrop(manta, "later", false);

      reports.collectUntil("later");

      assertThat(reports.mentioning("inspected")).isEmpty();
    }
  }

  /** A11: an actor stalled by another thread is reported with the stack of the blocking call. */
  @Test
  @Tag(OneProcess.ONLY) // a static field ends its wait
  void blockingCallInTheTurn_isReportedWithItsStack(Manta manta) {
    ActorRef<Stalled> actor = manta.actor(Stalled::new);
    ObjectRef<Void> stalled = actor.run(Stalled::blockOnAnotherThread);

    Eventually.until("a stall is reported", () -> !manta.stats().stalls().isEmpty());

    Stall stall = manta.stats().stalls().getFirst();
    assertThat(stall.actor()).contains("Stalled");
    assertThat(stall.stack())
        .anyMatch(frame -> frame.getMethodName().equals("blockOnAnotherThread"))
        .anyMatch(frame -> frame.getClassName().equals(CountDownLatch.class.getName()));
    Stalled.RELEASE.countDown();
    stalled.get();
  }

  /** A14: a status call is answered while a polling loop runs in the actor. */
  @Test
  void statusCall_isAnsweredWhileALoopRuns(Manta manta) {
    ActorRef<Poller> poller = manta.actor(Poller::new);
    ObjectRef<Void> loop = poller.run(Poller::loopUntilStopped);

    int first = poller.call(Poller::roundsAfterTheFirst).get();

    assertThat(first).isPositive();
    Eventually.until("the loop goes on", () -> poller.call(p -> p.rounds).get() > first);
    assertThat(loop.isDone()).isFalse();
    poller.run(p -> p.stopped = true).get();
    loop.get();
  }

  /** In a method of its own, so that no frame of the test keeps the ref. */
  private static void submitAndDrop(Manta manta, String message, boolean look) {
    ObjectRef<Integer> ref =
        manta.submit(
            () -> {
              throw new IllegalStateException(message);
            });
    if (look) {
      assertThatThrownBy(ref::get).isInstanceOf(TaskFailedException.class);
    } else {
      Eventually.until("the task has failed", ref::isDone);
    }
  }

  private static void callAndDrop(ActorRef<Poller> poller, String message) {
    ObjectRef<Integer> ref =
        poller.call(
            p -> {
              throw new IllegalStateException(message);
            });
    Eventually.until("the call has failed", ref::isDone);
  }

  /** Polls in a long loop. */
  static final class Poller {
    private final CompletableFuture<Boolean> polled =
        new CompletableFuture<>();
    int rounds;
    boolean stopped;

    void loopForEver() {
      while (true) {
        poll();
      }
    }

    void loopUntilStopped() {
      while (!stopped) {
        poll();
      }
    }

    int roundsAfterTheFirst() {
      Manta.await(polled);
      return rounds;
    }

    private void poll() {
      rounds++;
      polled.complete(true);
      Manta.sleep(Duration.ofMillis(1));
    }
  }

  /** Blocks its turn until the test releases it. */
  static final class Stalled {
    static final CountDownLatch RELEASE = new CountDownLatch(1);

    void blockOnAnotherThread() throws InterruptedException {
      RELEASE.await();
    }
  }
}
