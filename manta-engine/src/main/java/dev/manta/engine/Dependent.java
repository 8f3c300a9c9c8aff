package dev.manta.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A future that follows a ref and whose dependents run in one place: in turns of the actor that
 * asked for it, or on virtual threads.
 */
final class Dependent<T extends @Nullable Object> extends CompletableFuture<T> {
  private final Executor place;
  private final @Nullable Ref<?> cancels;

  private Dependent(Executor place, @Nullable Ref<?> cancels) {
    this.place = place;
    this.cancels = cancels;
  }

  /** A copy of a ref: cancelling it asks for the cancellation of the call. */
  static <T extends @Nullable Object> Dependent<T> copyOf(StageRef<T> ref) {
    Dependent<T> copy = new Dependent<>(place(ref.origin()), ref.origin());
    copy.follow(ref);
    return copy;
  }

  /**
   * Hangs dependents on a ref, in the place of the current code. They are there before the ref's
   * completion is looked at, so that they never run on the thread that registers them.
   */
  static <T extends @Nullable Object, R> R hang(
      StageRef<T> ref, Function<CompletableFuture<T>, R> dependents) {
    Dependent<T> future = new Dependent<>(place(ref.origin()), null);
    R result = dependents.apply(future);
    future.follow(ref);
    return result;
  }

  private static Executor place(Ref<?> origin) {
    Runner runner = Runner.current();
    return origin.engine.context.carrying(
        runner == null ? origin.engine.callbacks() : runner.place());
  }

  private void follow(StageRef<T> ref) {
    Follower<T> follower = new Follower<>(ref, this);
    if (!ref.origin().subscribe(follower)) {
      follower.completed(ref.origin());
    }
  }

  /** The same stage with dependents that run in {@code place}. */
  static <T extends @Nullable Object> CompletableFuture<T> following(
      java.util.concurrent.CompletionStage<T> stage, Executor place) {
    Dependent<T> future = new Dependent<>(place, null);
    var _ =
        stage.whenComplete(
            (value, error) -> place.execute(
                () -> {
                  if (error == null) {
                    future.complete(value);
                  } else {
                    future.completeExceptionally(error);
                  }
                }));
    return future;
  }

  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    return new Dependent<>(place, null);
  }

  @Override
  public Executor defaultExecutor() {
    return place;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled && cancels != null) {
      cancels.cancel();
    }
    return cancelled;
  }

  private static final class Follower<T extends @Nullable Object> extends Waiter
      implements Runnable {
    private final StageRef<T> ref;
    private final Dependent<T> future;

    Follower(StageRef<T> ref, Dependent<T> future) {
      this.ref = ref;
      this.future = future;
    }

    @Override
    void completed(Ref<?> origin) {
      future.place.execute(this);
    }

    @Override
    public void run() {
      T value;
      try {
        value = ref.now();
      } catch (Throwable e) {
        future.completeExceptionally(e);
        return;
      }
      future.complete(value);
    }
  }
}
