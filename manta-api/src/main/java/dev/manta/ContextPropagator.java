package dev.manta;

import org.jspecify.annotations.Nullable;

/**
 * Carries one kind of ambient context (a logging context, a trace, a scoped value) from the
 * submission of a call to the code that runs it, and to continuations. Registered with {@link
 * LocalOptions#propagate}.
 *
 * <p>For a {@link ScopedValue}: {@code capture} returns {@code USER.orElse(null)}, {@code run} is
 * {@code ScopedValue.where(USER, context).run(body)}. For a thread-local: set, run, restore in a
 * {@code finally}.
 *
 * @param <C> what is carried: an immutable value
 */
public interface ContextPropagator<C> {
  /**
   * The context of the current thread, or null where there is none. Called on the thread that
   * submits a call or registers a continuation; must be quick and must not throw.
   */
  @Nullable C capture();

  /**
   * Runs {@code body} exactly once with {@code context} in force, and leaves the thread as it was
   * before. Called on the thread that runs the call.
   */
  void run(@Nullable C context, Runnable body);
}
