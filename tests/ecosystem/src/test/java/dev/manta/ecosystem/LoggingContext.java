package dev.manta.ecosystem;

import dev.manta.ContextPropagator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Lets SLF4J's mapped diagnostic context travel: what a user writes. */
final class LoggingContext implements ContextPropagator<Map<String, String>> {
  @Override
  public @Nullable Map<String, String> capture() {
    return MDC.getCopyOfContextMap();
  }

  @Override
  public void run(@Nullable Map<String, String> context, Runnable body) {
    Map<String, String> before = MDC.getCopyOfContextMap();
    set(context);
    try {
      body.run();
    } finally {
      set(before);
    }
  }

  private static void set(@Nullable Map<String, String> context) {
    if (context == null) {
      MDC.clear();
    } else {
      MDC.setContextMap(context);
    }
  }
}
