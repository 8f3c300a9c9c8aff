package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.ActorStats;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.Stall;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.OneProcess;
import dev.manta.behaviours.support.Reports;
import dev.manta.behaviours.support.WithManta;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Turns that are held too long are seen, and those that would be held for ever are ended. */
class WatchdogTest {
  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration HOUR = Duration.ofHours(1);

  /** A11, DESIGN "Stall watchdog": a held turn is reported with the stack, the call, the actor. */
  @Test
  void turnHeldTooLong_isReportedWithItsStack() {
    try (Manta manta = Manta.start(watched(HOUR))) {
      ActorRef<Hog> hog = manta.actor(ActorOptions.named("hog"), Hog::new);

      hog.call(h -> h.spinUntilReportedAndOn()).get();

      Stall stall = only(stallsOf(manta, "spinUntilReportedAndOn"));
      assertThat(stall.actor()).isEqualTo("hog");
      assertThat(stall.held()).isGreaterThanOrEqualTo(SOON);
      assertThat(methods(stall.stack())).contains("spinUntilReportedAndOn");
      assertThat(stall.blockedBy()).isEmpty();
      assertThat(only(manta.stats().actors()).stalls()).isEqualTo(manta.stats().stalls().size());
    }
  }

  /** A11: once however long the turn is held, and anew for the next turn. */
  @Test
  @Tag(OneProcess.ONLY) // reads the reports of its own JVM
  void longHold_isReportedOnce_andTheNextAnew() {
    try (Reports reports = new Reports();
        Manta manta = Manta.start(watched(HOUR))) {
      ActorRef<Hog> hog = manta.actor(ActorOptions.named("hog"), Hog::new);
      hog.call(h -> h.spinUntilReportedAndOn()).get();
      assertThat(stallsOf(manta, "spinUntilReportedAndOn")).hasSize(1);
      assertThat(reports.mentioning("spinUntilReportedAndOn")).hasSize(1);

      hog.call(h -> h.spinUntilReportedAndOn()).get();

      assertThat(stallsOf(manta, "spinUntilReportedAndOn")).hasSize(2);
      assertThat(reports.mentioning("spinUntilReportedAndOn")).hasSize(2);
    }
  }

  /** A11: the newest hundred are kept, and all are counted. */
  @Tag(OneProcess.ONLY) // stats() asks other processes, so that a turn that calls it waits
  @Test
  void stalls_theNewestHundredAreKept() {
    try (Manta manta = Manta.start(watched(HOUR).stallThreshold(Duration.ofMillis(1)))) {
      List<ActorRef<Hog>> hogs =
          IntStream.range(0, 21)
              .mapToObj(i -> manta.actor(ActorOptions.named("hog-" + i), Hog::new))
              .toList();

      for (ActorRef<Hog> hog : hogs) {
        IntStream.range(0, 5).forEach(i -> hog.call(h -> h.spinUntilStalledFor(manta, 1)).get());
      }

      assertThat(manta.stats().stalls()).hasSize(100);
      assertThat(manta.stats().actors().stream().mapToLong(ActorStats::stalls).sum())
          .isGreaterThanOrEqualTo(105);
      assertThat(manta.stats().stalls().getLast().actor()).isEqualTo("hog-20");
    }
  }

  /** A11's other side: calls that wait, however long, hold no turn. */
  @Tag(OneProcess.ONLY) // stats() asks other processes, so that a turn that calls it waits
  @Test
  void suspendedCall_isNotReported() {
    try (Manta manta = Manta.start(watched(HOUR))) {
      ActorRef<Gate> gate = Gate.closed(manta);
      ActorRef<Hog> waiting = manta.actor(ActorOptions.named("waiting"), Hog::new);
      ObjectRef<Boolean> suspended = waiting.call(w -> gate.call(Gate::pass).get());
      Gate.awaitReached(gate);
      waiting.call(w -> true).get();
      long before = stallsOf(manta, "on waiting").size();
      ActorRef<Hog> hog = manta.actor(ActorOptions.named("hog"), Hog::new);

      // the watchdog looks at all actors, again and again, until it has seen this one five times
      IntStream.range(0, 5).forEach(i -> hog.call(h -> h.spinUntilStalledFor(manta, 1)).get());

      assertThat(stallsOf(manta, "on hog")).hasSizeGreaterThanOrEqualTo(5);
      assertThat(stallsOf(manta, "on waiting")).hasSize((int) before);
      Gate.open(gate);
      assertThat(suspended.get()).isTrue();
    }
  }

  /** T6: a turn that waits for a monitor of a suspended call is reported with both stacks. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void monitorOfASuspendedCall_bothStacksAreReported(boolean dedicatedThread) {
    try (Manta manta = Manta.start(watched(HOUR))) {
      ActorRef<Gate> gate = Gate.closed(manta);
      ActorOptions options = ActorOptions.named("knot");
      ActorRef<Knot> knot =
          manta.actor(dedicatedThread ? options.dedicatedThread() : options, Knot::new);
      ObjectRef<Boolean> holder = knot.call(k -> k.waitWithTheLock(gate));
      Gate.awaitReached(gate);
      ObjectRef<Boolean> blocked = knot.call(Knot::enterTheLock);

      Eventually.until("it is reported", () -> !stallsOf(manta, "enterTheLock").isEmpty());

      Stall stall = only(stallsOf(manta, "enterTheLock"));
      assertThat(methods(stall.stack())).contains("enterTheLock");
      assertThat(methods(stall.blockedBy())).contains("waitWithTheLock");
      manta.kill(knot);
      assertThatThrownBy(holder::get).isInstanceOf(OutcomeUnknownException.class);
      assertThatThrownBy(blocked::get).isInstanceOf(OutcomeUnknownException.class);
      Gate.open(gate);
    }
  }

  /** T6: after the set time the actor is ended, and restarts where it may. */
  @Test
  void monitorOfASuspendedCall_theActorIsEnded() {
    try (Manta manta = Manta.start(watched(Duration.ofMillis(60)))) {
      ActorRef<Gate> gate = Gate.closed(manta);
      ActorRef<Knot> knot =
          manta.actor(ActorOptions.named("knot").maxConcurrency(2).maxRestarts(1), Knot::new);
      ObjectRef<Boolean> holder = knot.call(k -> k.waitWithTheLock(gate));
      Gate.awaitReached(gate);
      ObjectRef<Boolean> blocked = knot.call(Knot::enterTheLock);
      ObjectRef<Boolean> queued = knot.call(k -> true);

      Throwable end = errorOf(holder);

      assertThat(end).isInstanceOf(OutcomeUnknownException.class).hasMessageContaining("monitor");
      assertThat(errorOf(blocked)).isInstanceOf(OutcomeUnknownException.class);
      assertThat(errorOf(queued)).isInstanceOf(NotExecutedException.class);
      assertThat(List.of(end, errorOf(blocked), errorOf(queued)))
          .extracting(e -> ((MantaException) e).reason())
          .containsOnly(Reason.ACTOR_DIED);
      assertThat(knot.call(Knot::enterTheLock).get()).isTrue();
      Gate.open(gate);
    }
  }

  /** T6: however late the suspended calls say what they hold; the looks are 250 us apart. */
  @Test
  void monitorOfASuspendedCall_theActorIsEndedThoughAnswersAreLate() {
    LocalOptions options =
        watched(Duration.ofMillis(2)).stallThreshold(Duration.ofMillis(1));
    try (Manta manta = Manta.start(options)) {
      for (int i = 0; i < 50; i++) {
        ActorRef<Gate> gate = Gate.closed(manta);
        ActorRef<Knot> knot = manta.actor(Knot::new);
        ObjectRef<Boolean> holder = knot.call(k -> k.waitWithTheLock(gate));
        Gate.awaitReached(gate);

        ObjectRef<Boolean> blocked = knot.call(Knot::enterTheLock);

        assertThat(errorOf(holder)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(errorOf(blocked)).isInstanceOf(OutcomeUnknownException.class);
        Gate.open(gate);
      }
    }
  }

  /** T6: once the actor is ended, the code of both calls leaves the monitor and ends. */
  @Test
  @Tag(OneProcess.ONLY) // looks at the threads of its own JVM
  void monitorOfASuspendedCall_theCodeOfBothEnds() {
    try (Manta manta = Manta.start(watched(Duration.ofMillis(60)))) {
      ActorRef<Gate> gate = Gate.closed(manta);
      ActorRef<Knot> knot = manta.actor(ActorOptions.named("knot"), Knot::new);
      int endedBefore = Knot.ENDED.get();
      ObjectRef<Boolean> holder = knot.call(k -> k.waitWithTheLock(gate));
      Gate.awaitReached(gate);

      ObjectRef<Boolean> blocked = knot.call(Knot::enterTheLock);

      assertThat(errorOf(holder)).isInstanceOf(OutcomeUnknownException.class);
      assertThat(errorOf(blocked)).isInstanceOf(OutcomeUnknownException.class);
      Eventually.until("both have left", () -> Knot.ENDED.get() == endedBefore + 2);
      Gate.open(gate);
    }
  }

  private static LocalOptions watched(Duration monitorDeadlockTimeout) {
    return WithManta.options()
        .stallThreshold(SOON)
        .monitorDeadlockTimeout(monitorDeadlockTimeout);
  }

  /** The stalls whose call is described with that text. */
  private static List<Stall> stallsOf(Manta manta, String call) {
    return manta.stats().stalls().stream().filter(stall -> stall.call().contains(call)).toList();
  }

  private static <T> T only(List<T> list) {
    assertThat(list).hasSize(1);
    return list.getFirst();
  }

  private static List<String> methods(List<StackTraceElement> stack) {
    return stack.stream().map(StackTraceElement::getMethodName).toList();
  }

  private static Throwable errorOf(ObjectRef<?> ref) {
    try {
      return new AssertionError("it returned " + ref.get());
    } catch (MantaException e) {
      return e;
    }
  }

  /** Holds its turn. */
  static final class Hog {
    /** Until the watchdog has seen this very turn {@code times} more. */
    int spinUntilStalledFor(Manta manta, int times) {
      long seen = stalls(manta) + times;
      Eventually.until("the watchdog sees it", () -> stalls(manta) >= seen);
      return times;
    }

    /** Until this turn is reported, and for ten thresholds more. */
    int spinUntilReportedAndOn() {
      try (Reports reports = new Reports()) {
        Eventually.until(
            "the report", () -> !reports.mentioning("spinUntilReportedAndOn").isEmpty());
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < 10 * SOON.toNanos()) {
          Thread.onSpinWait();
        }
      }
      return 1;
    }

    private static long stalls(Manta manta) {
      return manta.stats().actors().stream().mapToLong(ActorStats::stalls).sum();
    }
  }

  /** Has a lock of its own, and waits while it holds it. */
  static final class Knot {
    /** Calls whose code has left the lock. */
    static final AtomicInteger ENDED = new AtomicInteger();

    private final Object lock = new Object();

    boolean waitWithTheLock(ActorRef<Gate> gate) {
      try {
        synchronized (lock) {
          return gate.call(Gate::pass).get();
        }
      } finally {
        ENDED.incrementAndGet();
      }
    }

    boolean enterTheLock() {
      synchronized (lock) {
        ENDED.incrementAndGet();
        return true;
      }
    }
  }
}
