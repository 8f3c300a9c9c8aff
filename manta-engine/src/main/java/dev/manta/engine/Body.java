package dev.manta.engine;

import dev.manta.RemoteConsumer;
import dev.manta.RemoteFunction;
import dev.manta.RemoteRunnable;
import dev.manta.RemoteSupplier;
import org.jspecify.annotations.Nullable;

/** How a function is run, and what its result means. */
enum Body {
  /** A {@link RemoteFunction} that returns a value. */
  CALL,
  /** A {@link RemoteConsumer}. */
  RUN,
  /** A {@link RemoteFunction} that returns a stage of the value. */
  CALL_ASYNC,
  /** A {@link RemoteSupplier} that returns a value. */
  TASK,
  /** A {@link RemoteRunnable}. */
  TASK_RUN,
  /** A {@link RemoteSupplier} that returns a stage of the value. */
  TASK_ASYNC,
  /** An {@link Internal} function of the engine's own. */
  INTERNAL;

  /** Code of the engine's own that runs as a call or task. */
  @FunctionalInterface
  interface Internal {
    @Nullable Object run(@Nullable Object instance) throws Exception;
  }

  boolean returnsStage() {
    return this == CALL_ASYNC || this == TASK_ASYNC;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // calls have an instance
  @Nullable Object run(Object function, @Nullable Object instance) throws Exception {
    return this == CALL // by far the most, and on the stack while they wait
        ? ((RemoteFunction<Object, ?>) function).apply(instance)
        : runOther(function, instance);
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // calls have an instance, tasks need none
  private @Nullable Object runOther(Object function, @Nullable Object instance) throws Exception {
    return switch (this) {
      case CALL, CALL_ASYNC -> ((RemoteFunction<Object, ?>) function).apply(instance);
      case RUN -> {
        ((RemoteConsumer<Object>) function).accept(instance);
        yield null;
      }
      case TASK, TASK_ASYNC -> ((RemoteSupplier<?>) function).get();
      case TASK_RUN -> {
        ((RemoteRunnable) function).run();
        yield null;
      }
      case INTERNAL -> ((Internal) function).run(instance);
    };
  }
}
