package dev.manta.engine;

import dev.manta.ContextPropagator;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Carries the registered contexts from where work is submitted to where it runs. */
final class Context {
  private final ContextPropagator<?>[] propagators;

  Context(List<ContextPropagator<?>> propagators) {
    this.propagators = propagators.toArray(new ContextPropagator<?>[0]);
  }

  /** Whether none is registered: {@link #run} has nothing to do but the work. */
  boolean isEmpty() {
    return propagators.length == 0;
  }

  /** The contexts of this thread; null if none is registered. */
  @Nullable Object @Nullable [] capture() {
    int n = propagators.length;
    if (n == 0) {
      return null;
    }
    @Nullable Object[] contexts = new Object[n];
    for (int i = 0; i < n; i++) {
      contexts[i] = propagators[i].capture();
    }
    return contexts;
  }

  /** Runs the code of work in the contexts of its submission. */
  @Nullable Object run(Work<?> work, Object function, @Nullable Object instance) throws Exception {
    if (function instanceof Received.Producer producer) {
      producer.begins();
    }
    Result result = new Result();
    inContext(
        work.extras().contexts,
        () -> {
          try {
            result.value = work.body.run(function, instance);
          } catch (Throwable e) {
            result.thrown = e;
          }
        });
    switch (result.thrown) {
      case null -> {}
      case Exception e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
    return result.value;
  }

  /** The same code, in the contexts of now. */
  Runnable wrap(Runnable code) {
    @Nullable Object[] contexts = capture();
    return contexts == null ? code : () -> inContext(contexts, code);
  }

  /** A place that runs code in the contexts of now, whichever thread hands it the code. */
  Executor carrying(Executor place) {
    @Nullable Object[] contexts = capture();
    return contexts == null ? place : code -> place.execute(() -> inContext(contexts, code));
  }

  private void inContext(@Nullable Object @Nullable [] contexts, Runnable code) {
    Runnable body = code;
    for (int i = propagators.length - 1; i >= 0; i--) {
      ContextPropagator<?> propagator = propagators[i];
      Object context = contexts == null ? null : contexts[i];
      Runnable inner = body;
      body = () -> run(propagator, context, inner);
    }
    body.run();
  }

  @SuppressWarnings("unchecked")
  private static <C> void run(
      ContextPropagator<C> propagator, @Nullable Object context, Runnable body) {
    propagator.run((C) context, body);
  }

  private static final class Result {
    @Nullable Object value;
    @Nullable Throwable thrown;
  }
}
