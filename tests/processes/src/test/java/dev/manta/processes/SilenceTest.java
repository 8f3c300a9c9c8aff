package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.processes.support.Driver;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Held;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.Victim;
import dev.manta.processes.support.WithWorkers;
import dev.manta.processes.support.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers that give no sign of life, with a short limit. */
class SilenceTest {
  private static final Duration SILENCE = Duration.ofSeconds(6);

  private static Manta start() {
    return WithWorkers.awaitAll(Manta.start(WithWorkers.options(2).silence(SILENCE)));
  }

  @AfterEach
  void nothingIsLeft() {
    WithWorkers.checkNothingLeft();
  }

  @Test
  void stoppedWorker_isEndedAfterTheSilence_andItsActorLivesAgain() {
    try (Manta manta = start()) {
      Held held = Held.start(manta, ActorOptions.async().maxRestarts(1));
      ActorRef<Victim> victim = held.victim();
      long pid = held.pid();

      Workers.signal("STOP", pid);
      ObjectRef<Integer> unread = victim.call(Victim::next);
      ObjectRef<Integer> hurried =
          victim.with(CallOptions.DEFAULT.deadline(Duration.ofMillis(100))).call(Victim::next);

      Ends.error(hurried, MantaException.class, Reason.DEADLINE);
      var error = Ends.error(held.call(), OutcomeUnknownException.class, Reason.WORKER_DIED);
      assertThat(error)
          .hasMessageContaining("gave no sign of life for PT6S")
          .hasMessageContaining("process " + pid);
      assertThat(Ends.value(unread)).isEqualTo(1);
      assertThat(Ends.value(victim.call(Victim::pid))).isNotEqualTo(pid);
      Limits.until("its end", () -> ProcessHandle.of(pid).isEmpty());
    }
  }

  /** What computes is not silent, and what has nothing to say says so. */
  @Test
  void busyAndIdleWorkers_areNotSilent() {
    try (Manta manta = start()) {
      ActorRef<Victim> busy = manta.actor(Victim::new);
      ActorRef<Victim> idle = manta.actor(Victim::new);
      long pidOfBusy = Ends.value(busy.call(Victim::pid));
      long pidOfIdle = Ends.value(idle.call(Victim::pid));
      assertThat(pidOfIdle).isNotEqualTo(pidOfBusy);

      ObjectRef<Integer> spun =
          busy.call(v -> {
            long endNs = System.nanoTime() + SILENCE.multipliedBy(3).dividedBy(2).toNanos();
            while (System.nanoTime() - endNs < 0) {
              Thread.onSpinWait();
            }
            return v.next();
          });

      assertThat(Ends.value(spun)).isEqualTo(1);
      assertThat(Ends.value(busy.call(Victim::pid))).isEqualTo(pidOfBusy);
      assertThat(Ends.value(idle.call(Victim::pid))).isEqualTo(pidOfIdle);
    }
  }

  /** As when the machine sleeps: the driver's own standstill is nobody's silence. */
  @Test
  void driverThatWasStoppedItself_endsOnlyWhoIsSilentAfterwards() throws InterruptedException {
    try (Driver driver = Driver.start(2, SILENCE)) {
      List<ProcessHandle> busy = new ArrayList<>(driver.busy());
      Workers.signal("STOP", driver.pid());
      Thread.sleep(SILENCE.multipliedBy(3).dividedBy(2));
      Workers.signal("CONT", driver.pid());

      ProcessHandle stopped = busy.removeFirst();
      Workers.signal("STOP", stopped.pid());

      Limits.until("the end of the stopped one", () -> !stopped.isAlive());
      assertThat(busy).allMatch(ProcessHandle::isAlive);
    }
  }
}
