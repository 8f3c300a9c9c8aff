package dev.manta.behaviours.support;

import dev.manta.ContextPropagator;
import dev.manta.LocalOptions;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Two kinds of ambient context: a thread-local, as loggers have, and a scoped value. */
public final class Ambient {
  private static final ThreadLocal<@Nullable String> TAG = new ThreadLocal<>();
  private static final ScopedValue<String> USER = ScopedValue.newInstance();

  private Ambient() {}

  /** Options under which both travel. */
  public static LocalOptions travelling(LocalOptions options) {
    return options.propagate(new Tag()).propagate(new User());
  }

  /** Runs code in a context. */
  public static <T> T in(String tag, String user, Supplier<T> code) {
    String before = TAG.get();
    TAG.set(tag);
    try {
      return ScopedValue.where(USER, user).call(code::get);
    } finally {
      TAG.set(before);
    }
  }

  /** What is in force here: {@code tag/user}, or {@code none/none}. */
  public static String here() {
    String tag = TAG.get();
    return (tag == null ? "none" : tag) + "/" + USER.orElse("none");
  }

  private static final class Tag implements ContextPropagator<String> {
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

  private static final class User implements ContextPropagator<String> {
    @Override
    public @Nullable String capture() {
      return USER.isBound() ? USER.get() : null;
    }

    @Override
    public void run(@Nullable String context, Runnable body) {
      if (context == null) {
        body.run();
      } else {
        ScopedValue.where(USER, context).run(body);
      }
    }
  }
}
