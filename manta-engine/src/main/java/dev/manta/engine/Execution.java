package dev.manta.engine;

import dev.manta.Reason;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Runs the code of a call of an actor, and does what follows from its end. */
final class Execution {
  private Execution() {}

  /** Runs the code of a call, which has started, to its return, and concludes it. */
  static void run(Incarnation actor, Call<?> call, Runner runner) {
    Object result = null;
    Throwable thrown = null;
    try {
      Object function = begin(call, runner);
      Context context = actor.cell.engine.context;
      result =
          context.isEmpty()
              ? call.body.run(function, actor.instance)
              : context.run(call, function, actor.instance);
    } catch (Throwable e) {
      thrown = e;
    }
    returned(actor, call, runner, result, thrown);
  }

  private static Object begin(Call<?> call, Runner runner) {
    call.tell(Events.Kind.STARTED);
    Object function = java.util.Objects.requireNonNull(call.function);
    if (function instanceof Parcel parcel) {
      function = unpack(call, parcel);
    }
    runner.enterAgain();
    runner.name(call, function, false);
    return function;
  }

  private static Object unpack(Call<?> call, Parcel parcel) {
    Object function = parcel.functionOnce(call.engine);
    call.function = function;
    return function;
  }

  private static void returned(
      Incarnation actor, Call<?> call, Runner runner, @Nullable Object result,
      @Nullable Throwable thrown) {
    Object function = java.util.Objects.requireNonNull(call.function);
    if (thrown instanceof OutOfMemoryError e) {
      call.engine.host.outOfMemory(e);
    }
    if (thrown instanceof ExitSignal) {
      actor.die(new Death(Reason.ACTOR_DIED, "has exited", null, true), false);
    }
    if (thrown == null && call.body.returnsStage()) {
      follow(actor, call, runner, function, result);
    } else {
      conclude(actor, call, runner, function, result, thrown);
    }
    runner.work = null;
    var _ = Thread.interrupted(); // a call's interrupt flag does not reach the next call
  }

  /** The code of a call has returned a stage: the call ends when that does. */
  private static void follow(
      Incarnation actor, Call<?> call, Runner runner, Object function, @Nullable Object result) {
    if (!(result instanceof CompletionStage<?> stage)) {
      conclude(
          actor, call, runner, function, null,
          new NullPointerException("callAsync: the method returned no stage"));
      return;
    }
    actor.link(call);
    var _ =
        stage.whenComplete(
            (value, error) -> {
              call.function = new StageOutcome(function, value, error);
              if (actor.hasTurns()) {
                actor.schedule(call);
              } else {
                conclude(actor, call, null, function, value, StageOutcome.unwrap(error));
              }
            });
  }

  /** In the mailbox for the second time: its stage has completed, or its thread has ended. */
  static void finish(Incarnation actor, Call<?> call, TurnRunner runner) {
    if (call.function instanceof StageOutcome outcome) {
      conclude(actor, call, runner, outcome.function(), outcome.value(),
          StageOutcome.unwrap(outcome.error()));
    } else {
      actor.free(call);
    }
  }

  /**
   * The code of a call has ended: takes its result, frees its place, completes its ref.
   *
   * @param runner of this thread; null if its code had no turn anyway
   */
  private static void conclude(
      Incarnation actor, Call<?> call, @Nullable Runner runner, Object function,
      @Nullable Object result, @Nullable Throwable thrown) {
    boolean inTurn =
        actor.isConstruction(call)
            || (actor.hasTurns() && !(runner instanceof TurnRunner r && r.isOffTurn()));
    Object value = null;
    Throwable error = thrown;
    Throwable failure = null;
    boolean wanted = !call.isDone() && !call.isSuperseded();
    try {
      if (error == null && wanted) {
        try {
          value = actor.cell.engine.copies.take(call, result);
        } catch (Throwable e) {
          error = e;
        }
      }
      if (actor.isConstruction(call)) {
        actor.constructed(error);
      }
      if (error != null && wanted) {
        wanted = !actor.cell.retries(call, error);
        failure = wanted ? Failures.application(call, function, error) : null;
      }
    } catch (Throwable e) { // out of memory, for one: the call must end all the same
      failure = e;
    }
    call.tell(Events.Kind.ENDED);
    call.end();
    if (inTurn) {
      actor.free(call);
    }
    if (failure == null && wanted && inTurn && actor.isFirstLife()) {
      call.leaveAndComplete(value);
      return;
    }
    call.leave();
    if (failure != null) {
      call.fail(failure);
    } else if (wanted) {
      call.complete(value);
    }
    if (!inTurn) {
      actor.schedule(call);
    }
  }
}
