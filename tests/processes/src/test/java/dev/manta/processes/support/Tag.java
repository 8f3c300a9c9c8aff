package dev.manta.processes.support;

import dev.manta.ContextPropagator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An ambient context, as loggers have: a thread-local text. */
public final class Tag implements ContextPropagator<String> {
  private static final ThreadLocal<@Nullable String> TAG = new ThreadLocal<>();

  /** Runs code in a context. */
  public static <T> T in(String tag, Supplier<T> code) {
    String before = TAG.get();
    TAG.set(tag);
    try {
      return code.get();
    } finally {
      TAG.set(before);
    }
  }

  /** What is in force here. */
  public static String here() {
    String tag = TAG.get();
    return tag == null ? "none" : tag;
  }

  @Override
  public @Nullable String capture() {
    return TAG.get();
  }

  @Override
  public void run(@Nullable String context, Runnable body) {
    String before = TAG.get();
    TAG.set(context);
    try {
      body.run();
    } finally {
      TAG.set(before);
    }
  }
}
