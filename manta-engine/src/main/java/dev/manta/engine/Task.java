package dev.manta.engine;

import dev.manta.Reason;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A task: runs once it has its dependencies, its resources and a thread. */
final class Task<T extends @Nullable Object> extends Work<T> implements Placement.Request {
  private final Needs needs;
  private final @Nullable String name;

  Task(Engine engine, Object function, Body body, Needs needs, @Nullable String name) {
    super(engine, function, body);
    this.needs = needs;
    this.name = name;
  }

  @Override
  boolean asksToStop(Reason reason, boolean withChildren) {
    return false;
  }

  @Override
  void takeBack() {
    if (step(WAITING, DROPPED) || step(QUEUED, DROPPED)) {
      engine.tasks.ended();
      fail(Failures.notExecuted(Reason.CANCELLED, toString(), null));
    }
  }

  /** Has it run when it may: its dependencies are ready. */
  void enqueue() {
    StackProbe.ensureRoomForLittle();
    if (step(WAITING, QUEUED)) {
      engine.placement.request(this);
    }
  }

  @Override
  public Needs needs() {
    return needs;
  }

  @Override
  public void granted() {
    engine.tasks.execute(this);
  }

  @Override
  public boolean isWithdrawn() {
    return phase() == DROPPED;
  }

  @Override
  void droppedWhileWaiting() {
    engine.tasks.ended();
  }

  @Override
  void droppedWhileQueued() {
    engine.tasks.ended();
  }

  /** Runs its code on the thread of {@code runner}. */
  void run(TaskRunner runner) {
    runner.begin(this);
    if (engine.isClosed()) {
      stop(dev.manta.Reason.DRAINING, true);
    }
    runsOn(runner); // before it is started, so that a cancel of what is started finds the thread
    if (!step(QUEUED, STARTED)) {
      runner.endOf(this);
      return;
    }
    Object code = java.util.Objects.requireNonNull(function);
    runner.enterAgain();
    tell(Events.Kind.STARTED);
    Object result = null;
    Throwable thrown = null;
    try {
      if (code instanceof Parcel parcel) {
        code = parcel.functionOnce(engine);
        function = code;
      }
      runner.name(this, code, false);
      Context context = engine.context;
      result = context.isEmpty() ? body.run(code, null) : context.run(this, code, null);
    } catch (Throwable e) {
      thrown = e;
    }
    runner.endOf(this);
    if (thrown instanceof OutOfMemoryError e) {
      engine.host.outOfMemory(e);
    }
    if (thrown == null && body.returnsStage()) {
      follow(code, result);
    } else {
      conclude(code, result, thrown);
    }
  }

  private void follow(Object code, @Nullable Object result) {
    if (!(result instanceof CompletionStage<?> stage)) {
      conclude(code, null, new NullPointerException("submitAsync: the task returned no stage"));
      return;
    }
    engine.tasks.parked(this);
    var _ =
        stage.whenComplete(
            (value, error) -> {
              conclude(code, value, StageOutcome.unwrap(error));
              engine.tasks.unparked(this); // it is where a close looks until its ref is complete
            });
  }

  private void conclude(Object code, @Nullable Object result, @Nullable Throwable thrown) {
    Object value = null;
    Throwable error = thrown;
    Throwable failure = null;
    boolean wanted = !isDone() && !isSuperseded();
    try {
      if (error == null && wanted) {
        try {
          value = engine.copies.take(this, result);
        } catch (Throwable e) {
          error = e;
        }
      }
      if (error != null && wanted) {
        wanted = !retries(error);
        failure = wanted ? Failures.application(this, code, error) : null;
      }
    } catch (Throwable e) { // out of memory, for one: the task must end all the same
      failure = e;
    }
    tell(Events.Kind.ENDED);
    end();
    engine.tasks.ended();
    if (failure != null) {
      fail(failure);
    } else if (wanted) {
      complete(value);
    }
  }

  private boolean retries(Throwable error) {
    Extras extras = extrasOrNull();
    if (extras == null || !extras.covers(error) || extras.pristine == null) {
      return false;
    }
    Task<T> next = new Task<>(engine, extras.pristine.again(engine), body, needs, name);
    next.succeeds(extras);
    engine.tasks.entered();
    supersede(next);
    next.enqueue();
    return true;
  }

  @Override
  void interruptCode(Runner runner) {
    if (runner instanceof TaskRunner t) {
      t.interrupt(this);
    }
  }

  @Override
  String threadName(Object code) {
    if (name != null) {
      return "manta-task " + name;
    }
    return body == Body.INTERNAL
        ? "manta-task"
        : FunctionShape.of(code).threadName("manta-task", code);
  }

  @Override
  public String toString() {
    return "the task " + (name == null ? methodName() : name);
  }
}
