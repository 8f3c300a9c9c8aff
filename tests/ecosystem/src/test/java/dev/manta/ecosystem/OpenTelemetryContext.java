package dev.manta.ecosystem;

import dev.manta.ContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/** Lets OpenTelemetry's context travel: what a user writes. */
final class OpenTelemetryContext implements ContextPropagator<Context> {
  @Override
  public Context capture() {
    return Context.current();
  }

  @Override
  public void run(@Nullable Context context, Runnable body) {
    Context there = context == null ? Context.root() : context;
    try (Scope _ = there.makeCurrent()) {
      body.run();
    }
  }
}
