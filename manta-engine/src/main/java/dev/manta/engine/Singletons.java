package dev.manta.engine;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** Knows classes with one instance and no state: a Kotlin {@code object}, or what is written like one. */
public final class Singletons {
  private Singletons() {}

  /** The static field that holds the one instance; null if the class is another kind. */
  public static @Nullable Field instance(Class<?> type) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          return null;
        }
      }
    }
    try {
      Field instance = type.getDeclaredField("INSTANCE");
      int modifiers = instance.getModifiers();
      boolean holdsIt =
          instance.getType() == type
              && Modifier.isStatic(modifiers)
              && Modifier.isFinal(modifiers)
              && type.getConstructors().length == 0;
      return holdsIt ? instance : null;
    } catch (NoSuchFieldException e) {
      return null;
    }
  }
}
