package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.processes.support.Driver;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Gate;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.Victim;
import dev.manta.processes.support.WithWorkers;
import dev.manta.processes.support.Workers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is left of workers when their parent ends. */
class ParentTest {
  /** Workers end so long after their parent, and what a busy machine adds. */
  private static final Duration PROMISED = Duration.ofSeconds(1);
  private static final Duration BUSY = Duration.ofSeconds(1);

  @Test
  void parentIsKilled_itsBusyWorkersAreGoneWithinASecond() {
    try (Driver driver = Driver.start(2)) {
      List<ProcessHandle> workers = driver.workers();
      assertThat(workers).containsAll(driver.busy()).hasSizeGreaterThanOrEqualTo(2);

      driver.kill();

      Limits.within(
          PROMISED.plus(BUSY),
          "the end of all workers",
          () -> workers.stream().noneMatch(Workers::runs));
    }
  }

  @Test
  void parentIsKilled_theNextStartRemovesWhatAStoppedWorkerLeft() {
    try (Driver driver = Driver.start(2)) {
      Path base = Workers.base();
      ProcessHandle stopped = driver.busy().getFirst();
      Workers.signal("STOP", stopped.pid());
      driver.kill();
      Limits.until("the other's end", () -> !Workers.runs(driver.busy().getLast()));
      // the stopped one is left, unless tests beside this one have started a Manta already

      try (Manta next = Manta.start(WithWorkers.options(2))) {
        Limits.until("its end", () -> !Workers.runs(stopped));
        assertThat(Workers.files(base, driver.pid())).isEmpty();
        assertThat(Ends.value(next.submit(() -> 7))).isEqualTo(7);
      }
    }
    WithWorkers.checkNothingLeft();
  }

  @Test
  void close_leavesNoProcessAndNoFile() {
    Path base = Workers.base();
    long self = ProcessHandle.current().pid();
    List<ProcessHandle> workers;
    try (Manta manta = Manta.start(WithWorkers.options(2))) {
      ActorRef<Victim> victim = manta.actor(Victim::new);
      assertThat(Ends.value(victim.call(Victim::next))).isEqualTo(1);
      assertThat(Workers.files(base, self)).hasSize(1);
      workers = Workers.own();
      assertThat(workers).isNotEmpty();
    }

    assertThat(workers).noneMatch(ProcessHandle::isAlive);
    assertThat(Workers.own()).isEmpty();
    assertThat(Workers.files(base, self)).isEmpty();
  }

  @Test
  void close_endsCallsThatHang() {
    Manta manta = Manta.start(WithWorkers.options(2));
    ActorRef<Gate> gate = Gate.closed(manta);
    var call = gate.call(Gate::pass);
    Gate.awaitReached(gate);

    manta.close(Duration.ofMillis(100));

    assertThat(call.isDone()).isTrue();
    WithWorkers.checkNothingLeft();
  }

  @Test
  void threeMantasInTurn_leaveNoThreads() {
    Map<String, Integer> before = threads();
    for (int i = 0; i < 3; i++) {
      try (Manta manta = Manta.start(WithWorkers.options(2))) {
        assertThat(Ends.value(manta.submit(() -> 7))).isEqualTo(7);
      }
    }

    Limits.until("the end of its threads: " + threads(), () -> threads().equals(before));
  }

  /** The platform threads of Manta, and how many there are of each, but for those of which a JVM has one. */
  private static Map<String, Integer> threads() {
    Map<String, Integer> count = new TreeMap<>();
    Thread.getAllStackTraces()
        .keySet()
        .stream()
        .map(Thread::getName)
        .filter(
            n -> n.startsWith("manta") && !n.equals("manta-timer") && !n.equals("manta-reclaim"))
        .map(n -> n.replaceAll("\\d+", "N"))
        .forEach(n -> count.merge(n, 1, Integer::sum));
    return count;
  }
}
