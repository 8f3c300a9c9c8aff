package dev.manta.engine;

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

  /** Has it run when it may: its dependencies are ready. */
  void enqueue() {
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
    engine.tasks.ended(this);
  }

  @Override
  void droppedWhileQueued() {
    engine.tasks.ended(this);
  }

  /** Runs its code on the thread of {@code runner}. */
  void run(TaskRunner runner) {
    if (!step(QUEUED, STARTED)) {
      return;
    }
    Object code = java.util.Objects.requireNonNull(function);
    runner.begin(this);
    runsOn(runner);
    tell(Events.Kind.STARTED);
    Object result = null;
    Throwable thrown = null;
    try {
      result = engine.context.run(this, code, null);
    } catch (Throwable e) {
      thrown = e;
    }
    runner.endOf(this);
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
    var _ =
        stage.whenComplete(
            (value, error) -> conclude(code, value, StageOutcome.unwrap(error)));
  }

  private void conclude(Object code, @Nullable Object result, @Nullable Throwable thrown) {
    Object value = null;
    Throwable error = thrown;
    boolean wanted = !isDone() && !isSuperseded();
    if (error == null && wanted) {
      try {
        value = engine.copies.take(this, result);
      } catch (Throwable e) {
        error = e;
      }
    }
    if (error != null && wanted && retries(error)) {
      wanted = false;
    }
    Throwable failure =
        error == null || !wanted ? null : Failures.application(this, code, error);
    tell(Events.Kind.ENDED);
    end();
    engine.tasks.ended(this);
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
    next.succeeds(this, extras);
    engine.tasks.entered(next);
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

  /** The name of the thread while it runs. */
  String threadName() {
    return "manta-task " + (name == null ? methodName() : name);
  }

  @Override
  public String toString() {
    return "the task " + (name == null ? methodName() : name);
  }
}
