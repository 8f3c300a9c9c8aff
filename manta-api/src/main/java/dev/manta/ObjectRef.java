package dev.manta;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The future result of a call or task, or an object that was {@linkplain Manta#put put}. It is a
 * {@link CompletionStage}: it can be handed to anything that takes one, and nobody but Manta can
 * complete it.
 *
 * <p>It completes exactly once, with a value, with a {@link TaskFailedException} that carries what
 * the code threw, or with another {@link MantaException}. Direct dependents see that exception
 * itself; stages derived from them wrap it in a {@link java.util.concurrent.CompletionException}.
 *
 * <p>Dependents registered inside an actor's call run in turns of that actor; those registered
 * elsewhere run on virtual threads of Manta's own. Captured by a call or task a ref is a
 * dependency: the call starts when it is complete. All methods may be called by any thread.
 *
 * <p>Implemented by Manta alone.
 *
 * @param <T> the value
 */
public interface ObjectRef<T extends @Nullable Object> extends CompletionStage<T> {
  /**
   * The value; waits for it. Inside an actor's call this is an await point: other calls of the
   * actor run meanwhile. Inside a task the CPU slot is given back meanwhile. Each call of this
   * method on the same ref gives the same object.
   *
   * @throws MantaException if the call failed
   * @throws GetInterruptedException if the thread is interrupted
   * @throws EndlessWaitException if this wait could never end
   * @throws java.util.concurrent.CancellationException inside a call that is cancelled
   */
  T get();

  /**
   * As {@link #get()}, for at most {@code timeout}.
   *
   * @throws GetTimeoutException if the time is up; the call goes on
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  T get(Duration timeout);

  /** Whether it has completed, with a value or an error. */
  boolean isDone();

  /** {@link #cancel(CancelScope) cancel(WITH_CHILDREN)}. */
  default boolean cancel() {
    return cancel(CancelScope.WITH_CHILDREN);
  }

  /**
   * Asks for the cancellation of the call. The ref completes at once, with {@link Reason#CANCELLED};
   * a call that has not started never will; a started one is told at its next await point, its
   * clean-up code runs, and its slot is free when its code has ended.
   *
   * @return whether this completed the ref: false if it was complete, or holds an object that was
   *     put
   * @throws UnsupportedOperationException for {@link CancelScope#FORCE} where no other process runs the
   *     call
   */
  boolean cancel(CancelScope scope);

  /**
   * Says that this process no longer needs the value through this ref: later uses of it throw
   * {@link IllegalStateException}. Dropping a ref has the same effect later; this is for large
   * values. Releasing twice does nothing. Does not cancel.
   */
  void release();

  /**
   * A copy that can't complete this ref. Cancelling the copy asks for the cancellation of the call.
   */
  @Override
  CompletableFuture<T> toCompletableFuture();
}
