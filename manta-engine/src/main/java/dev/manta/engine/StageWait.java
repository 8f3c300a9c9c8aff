package dev.manta.engine;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A call's or task's wait for a stage that is no ref: complete when the stage is. */
final class StageWait<T extends @Nullable Object> extends Ref<T>
    implements BiConsumer<T, @Nullable Throwable> {
  /* Who waits is known here and not by a waiter: there may be a million of these. */
  private @Nullable Runner runner;
  private volatile int token;

  StageWait(Engine engine, CompletionStage<? extends T> stage) {
    super(engine);
    var _ = stage.whenComplete(this);
  }

  /** A wait of the current call or task for a stage; null for refs, and outside. */
  static <T extends @Nullable Object> @Nullable StageWait<T> of(CompletionStage<T> stage) {
    Runner runner = Runner.current();
    Work<?> work = runner == null ? null : runner.work;
    return work == null || stage instanceof StageRef<?>
        ? null
        : new StageWait<>(work.engine, stage);
  }

  /** The stage has completed. By any thread. */
  @Override
  public void accept(T value, @Nullable Throwable error) {
    complete(error == null ? value : new Thrown(error));
  }

  @Override
  boolean endsWait(Runner runner, int token) {
    this.runner = runner;
    this.token = token; // before the look at the state: the completion looks the other way round
    return !isDone();
  }

  @Override
  void forget(Runner runner, int token) {}

  @Override
  void onCompletion() {
    int t = token;
    Runner r = runner;
    if (r != null) {
      r.wake(t);
    }
  }

  /** What the complete stage gave, or throws what it failed with. */
  // null is a value of T where the stage gave it
  @SuppressWarnings({"unchecked", "NullAway"})
  T outcome() {
    Object outcome = raw();
    if (outcome instanceof Thrown thrown) {
      throw thrownAgain(thrown.error());
    }
    return (T) outcome;
  }

  /** What a waiting call throws for a stage that failed. */
  static RuntimeException thrownAgain(Throwable error) {
    Throwable e = java.util.Objects.requireNonNullElse(StageOutcome.unwrap(error), error);
    if (e instanceof Error serious) {
      throw serious;
    }
    return e instanceof RuntimeException r ? r : new CompletionException(e);
  }

  /** An error in the place of the value. */
  private record Thrown(Throwable error) {}
}
