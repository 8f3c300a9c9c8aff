package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.TaskFailedException;
import dev.manta.TaskOptions;
import dev.manta.behaviours.support.Errors;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.Journal;
import dev.manta.behaviours.support.WithManta;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Calls and tasks that are run again: L7, CONTRACT 2 and 3. */
@ExtendWith(WithManta.class)
class RetriesTest {
  /** Fails until an attempt. */
  static final class Flaky {
    private int calls;

    int succeedAt(int attempt) throws IOException {
      calls++;
      if (Manta.attempt() < attempt) {
        throw new IOException("attempt " + Manta.attempt());
      }
      return Manta.attempt();
    }

    int failWith(RuntimeException error) {
      calls++;
      throw error;
    }

    /** Throws, then kills its actor, then throws: as long as it is run. */
    int throwOrDie(ActorRef<Journal> journal) throws IOException {
      Journal.add(journal, "attempt " + Manta.attempt());
      if (Manta.attempt() == 2) {
        Manta.current().killAndRestart(Manta.self());
        return Manta.await(new java.util.concurrent.CompletableFuture<>());
      }
      throw new IOException("attempt " + Manta.attempt());
    }

    /** Changes its argument in each attempt. */
    List<String> change(List<String> mutable) throws IOException {
      mutable.add("changed");
      if (Manta.attempt() < 3) {
        throw new IOException("again");
      }
      return mutable;
    }

    int pass(ActorRef<Gate> gate) {
      Gate.pass(gate);
      return Manta.attempt();
    }

    int calls() {
      return calls;
    }
  }

  /** L7. */
  @Test
  void namedException_isRetried_untilItSucceedsAtTheSixth(Manta manta) {
    ActorRef<Flaky> flaky = manta.actor(Flaky::new);
    CallOptions five = CallOptions.DEFAULT.retries(5, IOException.class);

    int attempt = flaky.with(five).call(f -> f.succeedAt(6)).get();

    assertThat(attempt).isEqualTo(6);
    assertThat(flaky.call(Flaky::calls).get()).isEqualTo(6);
  }

  /** L7: one retry too few. */
  @Test
  void retriesUsedUp_giveTheLastError(Manta manta) {
    ActorRef<Flaky> flaky = manta.actor(Flaky::new);
    CallOptions four = CallOptions.DEFAULT.retries(4, IOException.class);

    ObjectRef<Integer> ref = flaky.with(four).call(f -> f.succeedAt(6));

    assertThat(Errors.of(ref, TaskFailedException.class))
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessage("attempt 5");
  }

  /** L7: exceptions that are not named are not retried. */
  @Test
  void otherException_isNotRetried(Manta manta) {
    ActorRef<Flaky> flaky = manta.actor(Flaky::new);
    CallOptions five = CallOptions.DEFAULT.retries(5, IOException.class);
    UncheckedIOException other = new UncheckedIOException(new IOException("inner"));

    ObjectRef<Integer> ref = flaky.with(five).call(f -> f.failWith(other));

    Errors.of(ref, TaskFailedException.class);
    assertThat(flaky.call(Flaky::calls).get()).isEqualTo(1);
  }

  /** L7: the actor's setting. */
  @Test
  void actorsRetries_coverItsCalls(Manta manta) {
    ActorRef<Flaky> flaky =
        manta.actor(ActorOptions.async().retries(2, IOException.class), Flaky::new);

    int attempt = flaky.call(f -> f.succeedAt(3)).get();

    assertThat(attempt).isEqualTo(3);
  }

  /** L7: the call's own setting wins over the actor's, upwards and downwards. */
  @Test
  void callsRetries_winOverTheActors(Manta manta) {
    ActorRef<Flaky> flaky =
        manta.actor(ActorOptions.async().retries(2, IOException.class), Flaky::new);
    CallOptions none = CallOptions.DEFAULT.retries(0);
    CallOptions five = CallOptions.DEFAULT.retries(5, IOException.class);

    ObjectRef<Integer> without = flaky.with(none).call(f -> f.succeedAt(2));
    ObjectRef<Integer> withFive = flaky.with(five).call(f -> f.succeedAt(6));

    assertThat(Errors.of(without, TaskFailedException.class)).hasRootCauseMessage("attempt 1");
    assertThat(withFive.get()).isEqualTo(6);
  }

  /** L7: a method's setting wins over the actor's, and a call's own over the method's. */
  @Test
  void methodsRetries_winOverTheActors_andACallsOwnOverThose(Manta manta) {
    ActorRef<Flaky> flaky =
        manta.actor(
            ActorOptions.async()
                .retries(1, IOException.class)
                .methodRetries("succeedAt", 5, IOException.class),
            Flaky::new);
    CallOptions two = CallOptions.DEFAULT.retries(2, IOException.class);

    ObjectRef<Integer> byMethod = flaky.call(f -> f.succeedAt(6));
    ObjectRef<Integer> byCall = flaky.with(two).call(f -> f.succeedAt(6));
    ObjectRef<List<String>> byActor = flaky.call(f -> f.change(List.of()));

    assertThat(byMethod.get()).isEqualTo(6);
    assertThat(Errors.of(byCall, TaskFailedException.class)).hasRootCauseMessage("attempt 3");
    assertThat(Errors.of(byActor, TaskFailedException.class))
        .hasRootCauseInstanceOf(UnsupportedOperationException.class);
  }

  /** L7: a method that is not there is named as the actor is built. */
  @Test
  void methodsRetries_ofAMethodThatIsNotThere_areRefused(Manta manta) {
    ActorRef<Flaky> flaky =
        manta.actor(ActorOptions.async().methodRetries("suceedAt", 5), Flaky::new);

    ObjectRef<Integer> call = flaky.call(f -> f.succeedAt(1));

    assertThat(Errors.of(call, NotExecutedException.class))
        .hasMessageContaining("suceedAt")
        .hasMessageContaining("succeedAt");
  }

  /** L7: deaths and exceptions share one budget. */
  @Test
  void deathsAndExceptions_shareOneBudget(Manta manta) {
    ActorRef<Journal> journal = manta.actor(ActorOptions.serial(), Journal::new);
    ActorRef<Flaky> flaky = manta.actor(ActorOptions.async().maxRestarts(9), Flaky::new);
    CallOptions two = CallOptions.DEFAULT.retries(2, IOException.class);

    ObjectRef<Integer> ref = flaky.with(two).call(f -> f.throwOrDie(journal));

    assertThat(Errors.of(ref, TaskFailedException.class)).hasRootCauseMessage("attempt 3");
    assertThat(Journal.lines(journal)).containsExactly("attempt 1", "attempt 2", "attempt 3");
  }

  /** L7, CONTRACT 2: without retries a death leaves the outcome unknown, and nothing is run twice. */
  @Test
  void withoutRetries_aDeathIsNotRetried(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Flaky> flaky = manta.actor(ActorOptions.serial().maxRestarts(1), Flaky::new);
    ObjectRef<Integer> started = flaky.call(f -> f.pass(gate));
    ObjectRef<Integer> queued = flaky.call(Flaky::calls);
    Gate.awaitReached(gate);

    manta.killAndRestart(flaky);

    Errors.of(started, OutcomeUnknownException.class, Reason.ACTOR_DIED);
    Errors.of(queued, NotExecutedException.class, Reason.ACTOR_DIED);
    assertThat(flaky.call(Flaky::calls).get()).isZero();
  }

  /** L7, CONTRACT 3: with retries a call that a death hit is run by the next life. */
  @Test
  void withRetries_aCallThatADeathHit_isRunByTheNextLife(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Flaky> flaky = manta.actor(ActorOptions.async().maxRestarts(1), Flaky::new);
    ObjectRef<Integer> ref =
        flaky.with(CallOptions.DEFAULT.retries(1)).call(f -> f.pass(gate));
    Gate.awaitReached(gate);

    manta.killAndRestart(flaky);
    Eventually.until( // another process hears of it a moment later
        "the next life",
        () -> manta.stats().actors().stream().anyMatch(a -> a.incarnation() == 2));
    Gate.open(gate);

    assertThat(ref.get()).isEqualTo(2);
  }

  /** L7, R10: each attempt gets the arguments as they were submitted. */
  @Test
  void eachAttempt_getsItsArgumentsAsTheyWere(Manta manta) {
    ActorRef<Flaky> flaky = manta.actor(Flaky::new);
    CallOptions two = CallOptions.DEFAULT.retries(2, IOException.class);
    List<String> argument = new java.util.ArrayList<>(List.of("given"));

    ObjectRef<List<String>> ref = flaky.with(two).call(f -> f.change(argument));
    argument.set(0, "changed by the caller");

    assertThat(ref.get()).containsExactly("given", "changed");
    assertThat(argument).containsExactly("changed by the caller");
  }

  /** L7 for tasks. */
  @Test
  void task_isRetriedOnNamedExceptions(Manta manta) {
    TaskOptions five = TaskOptions.DEFAULT.retries(5, IOException.class);

    ObjectRef<Integer> sixth = manta.submit(five, () -> new Flaky().succeedAt(6));
    ObjectRef<Integer> seventh = manta.submit(five, () -> new Flaky().succeedAt(7));

    assertThat(sixth.get()).isEqualTo(6);
    assertThat(Errors.of(seventh, TaskFailedException.class)).hasRootCauseMessage("attempt 6");
  }
}
