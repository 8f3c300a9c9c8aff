package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import dev.manta.OutcomeUnknownException;
import dev.manta.Ready;
import dev.manta.Reason;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Gate;
import dev.manta.processes.support.Held;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.Victim;
import dev.manta.processes.support.WithWorkers;
import dev.manta.processes.support.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What callers see of a worker that was killed with kill -9. */
@ExtendWith(WithWorkers.class)
class DeathsTest {
  /** A dead process is known within this time. */
  private static final Duration PROMISED = Duration.ofSeconds(1);

  private static void assertNamesTheKill(Throwable error, long pid) {
    assertThat(error).hasMessageContaining("SIGKILL").hasMessageContaining("process " + pid);
  }

  @Test
  void startedCall_endsOutcomeUnknown_withTheSignalAndTheProcess(Manta manta) {
    Held held = Held.start(manta);

    Workers.kill(held.pid());

    var error = Ends.error(held.call(), OutcomeUnknownException.class, Reason.WORKER_DIED);
    assertNamesTheKill(error, held.pid());
  }

  @Test
  void startedCall_endsWithinTheSecondThatIsPromised(Manta manta) {
    Held held = Held.start(manta);

    Workers.kill(held.pid());

    Limits.within(PROMISED.plusSeconds(1), "the end of the call", held.call()::isDone);
  }

  @Test
  void exitWhoseHooksNeverEnd_isADeathToo(Manta manta) {
    ActorRef<Victim> victim = manta.actor(ActorOptions.async().maxRestarts(1), Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));

    ObjectRef<Integer> call = victim.call(v -> exitForEver());

    Ends.error(call, OutcomeUnknownException.class, Reason.WORKER_DIED);
    assertThat(Ends.value(victim.call(Victim::pid))).as("the next life").isNotEqualTo(pid);
  }

  private static int exitForEver() {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      while (true) {
        LockSupport.park();
      }
    }));
    System.exit(5);
    return 0;
  }

  @Test
  void callWhoseDependencyIsNotReady_endsNotExecuted(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim = manta.actor(Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    ObjectRef<Boolean> later = gate.call(Gate::pass);
    ObjectRef<Integer> waiting = victim.call(v -> later.get() ? v.next() : 0);

    Workers.kill(pid);

    Limits.until("the actor's end", () -> catchThrowable(
        () -> victim.call(Victim::next).get(Limits.TOLERANCE)) instanceof NotExecutedException);
    Gate.open(gate);
    Ends.error(waiting, NotExecutedException.class, Reason.WORKER_DIED);
  }

  @Test
  void laterCalls_endNotExecuted_andSayHow(Manta manta) {
    ActorRef<Victim> victim = manta.actor(Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    Workers.kill(pid);
    Limits.until("the actor's end", () -> catchThrowable(
        () -> victim.call(Victim::next).get(Limits.TOLERANCE)) instanceof NotExecutedException);

    ObjectRef<Integer> late = victim.call(Victim::next);

    var error = Ends.error(late, NotExecutedException.class, Reason.WORKER_DIED);
    assertNamesTheKill(error, pid);
  }

  @Test
  void startedTask_endsOutcomeUnknown_withTheSignalAndTheProcess(Manta manta) {
    ActorRef<PidGate> one = manta.actor(PidGate::new);
    ActorRef<PidGate> two = manta.actor(PidGate::new);
    long pidOfOne = Ends.value(one.call(PidGate::pid));
    assertThat(Ends.value(two.call(PidGate::pid))).isNotEqualTo(pidOfOne);
    ObjectRef<Boolean> task =
        manta.submit(() -> {
          long self = ProcessHandle.current().pid();
          ActorRef<PidGate> elsewhere = self == pidOfOne ? two : one;
          return elsewhere.call(g -> g.arriveAndHang(self)).get();
        });
    Ready<Long> arrived =
        manta.wait(
            List.of(one.call(PidGate::arrived), two.call(PidGate::arrived)), 1, Limits.TOLERANCE);
    long pid = Ends.value(arrived.ready().getFirst());

    Workers.kill(pid);

    var error = Ends.error(task, OutcomeUnknownException.class, Reason.WORKER_DIED);
    assertNamesTheKill(error, pid);
  }

  /** S3. */
  @Test
  void stream_givesItsElements_thenTheReasonOnce_thenTheEnd(Manta manta) {
    ActorRef<Victim> victim = manta.actor(Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    ObjectStream<Integer> stream = victim.stream((v, out) -> v.emitThenHang(5, out));
    Iterator<Integer> elements = stream.iterator();
    for (int i = 0; i < 5; i++) {
      assertThat(elements.next()).isEqualTo(i);
    }

    Workers.kill(pid);

    assertThat(catchThrowable(elements::next))
        .isInstanceOfSatisfying(OutcomeUnknownException.class, e -> {
          assertThat(e.reason()).isEqualTo(Reason.WORKER_DIED);
          assertNamesTheKill(e, pid);
        });
    for (int i = 0; i < 10; i++) {
      assertThat(elements.hasNext()).isFalse();
    }
  }

  @Test
  void othersGoOn(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim = manta.actor(Victim::new);
    ActorRef<Victim> other = manta.actor(Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    assertThat(Ends.value(other.call(Victim::pid))).isNotEqualTo(pid);
    assertThat(Ends.value(other.call(Victim::next))).isEqualTo(1);
    ObjectRef<Integer> pending = other.call(v -> v.nextAfter(gate));
    Gate.awaitReached(gate);

    Workers.kill(pid);
    Ends.error(victim.call(Victim::next), RuntimeException.class);
    Gate.open(gate);

    assertThat(Ends.value(pending)).isEqualTo(2);
  }

  @Test
  void newWorkerTakesItsPlace(Manta manta) {
    List<Long> before = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      before.add(Ends.value(manta.actor(Victim::new).call(Victim::pid)));
    }

    before.forEach(Workers::kill);
    WithWorkers.awaitAll(manta);

    assertThat(Ends.value(manta.submit(() -> ProcessHandle.current().pid())))
        .isNotIn(before);
    assertThat(Ends.value(manta.actor(Victim::new).call(Victim::pid))).isNotIn(before);
  }

  /** L5. */
  @Test
  void wait_countsACallOnADeadActorAsReady(Manta manta) {
    Held held = Held.start(manta);

    Workers.kill(held.pid());
    Ready<Integer> ready = manta.wait(List.of(held.call()), 1, Limits.TOLERANCE);

    assertThat(ready.ready()).containsExactly(held.call());
    Ends.error(held.call(), OutcomeUnknownException.class, Reason.WORKER_DIED);
  }

  @Test
  void exitCode_isInTheErrorWithTheLastLines(Manta manta) {
    ObjectRef<Integer> task =
        manta.submit(() -> {
          System.out.println("the last words of this process");
          System.out.flush();
          return Victim.halt();
        });

    var error = Ends.error(task, OutcomeUnknownException.class, Reason.WORKER_DIED);

    assertThat(error)
        .hasMessageContaining("exit code " + Victim.EXIT_CODE)
        .hasMessageContaining("the last words of this process");
  }

  /** A call of one worker on an actor of another that dies. */
  @Test
  void callerInAnotherWorker_seesTheSame(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim = manta.actor(Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    ActorRef<Caller> caller = manta.actor(Caller::new);
    assertThat(Ends.value(caller.call(Caller::pid))).isNotEqualTo(pid);
    ObjectRef<String> call = caller.call(c -> c.call(victim, gate));
    Gate.awaitReached(gate);

    Workers.kill(pid);

    assertThat(Ends.value(call))
        .contains("OutcomeUnknownException")
        .contains("WORKER_DIED");
  }

  /** The crash is in the error of each call that it hit. */
  @Test
  void callerInAnotherWorker_seesTheSignalAndTheProcess(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim = manta.actor(Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    ActorRef<Caller> caller = manta.actor(Caller::new);
    assertThat(Ends.value(caller.call(Caller::pid))).isNotEqualTo(pid);
    ObjectRef<String> call = caller.call(c -> c.call(victim, gate));
    Gate.awaitReached(gate);

    Workers.kill(pid);

    assertThat(Ends.value(call)).contains("SIGKILL").contains("process " + pid);
  }

  /** The process of the caller dies: what it had called is told to stop. */
  @Test
  void callOfADeadCaller_isCancelled(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Caller> caller = manta.actor(Caller::new);
    long pid = Ends.value(caller.call(Caller::pid));
    assertThat(Ends.value(gate.call(Gate::pid))).isNotEqualTo(pid);
    ObjectRef<Boolean> call = caller.call(c -> c.pass(gate));
    Gate.awaitReached(gate);

    Workers.kill(pid);

    Ends.error(call, OutcomeUnknownException.class, Reason.WORKER_DIED);
    Limits.until("nobody waits", () -> Ends.value(gate.call(Gate::waiting)) == 0);
  }

  /** Where a task says that it has arrived, and waits for ever. */
  static final class PidGate {
    private final java.util.concurrent.CompletableFuture<Long> arrived =
        new java.util.concurrent.CompletableFuture<>();

    boolean arriveAndHang(long pid) {
      arrived.complete(pid);
      return Manta.await(new java.util.concurrent.CompletableFuture<>());
    }

    long arrived() {
      return Manta.await(arrived);
    }

    long pid() {
      return ProcessHandle.current().pid();
    }
  }

  /** Calls others. */
  static final class Caller {
    long pid() {
      return ProcessHandle.current().pid();
    }

    boolean pass(ActorRef<Gate> gate) {
      Gate.pass(gate);
      return true;
    }

    String call(ActorRef<Victim> victim, ActorRef<Gate> gate) {
      try {
        return "value " + victim.call(v -> v.nextAfter(gate)).get();
      } catch (dev.manta.MantaException e) {
        return e.getClass().getName() + " " + e.reason() + " " + e.getMessage();
      }
    }
  }

  /** A large result, and who made it. */
  record Made(long pid, byte[] bytes) {}

  private static Made make() {
    byte[] bytes = new byte[1 << 20];
    java.util.Arrays.fill(bytes, (byte) 7);
    return new Made(ProcessHandle.current().pid(), bytes);
  }

  private static int sum(byte[] bytes) {
    int sum = 0;
    for (byte b : bytes) {
      sum += b;
    }
    return sum;
  }

  /** CONTRACT 9: what has come outlives the process that made it, also for those it is passed on to. */
  @Test
  void largeResult_outlivesTheWorkerThatMadeIt(Manta manta) {
    ObjectRef<Made> result = manta.submit(DeathsTest::make);
    ObjectRef<Made> other = manta.submit(() -> result.get());
    long pid = Ends.value(other).pid(); // so nothing here has read the first instance

    Workers.kill(pid);

    assertThat(sum(Ends.value(result).bytes())).isEqualTo(7 << 20);
    ObjectRef<Integer> read = manta.submit(() -> sum(result.get().bytes()));
    assertThat(Ends.intOf(read)).isEqualTo(7 << 20);
  }
}
