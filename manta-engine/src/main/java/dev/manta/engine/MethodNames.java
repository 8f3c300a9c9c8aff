package dev.manta.engine;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;

/** Whether the methods that an actor's options name are there. */
final class MethodNames {
  private MethodNames() {}

  /**
   * Refuses names that a class does not have, with those that it has.
   *
   * @param who names them, for the message
   */
  static void check(Class<?> actorClass, Set<String> names, String who) {
    if (names.isEmpty()) {
      return;
    }
    Set<String> there = of(actorClass);
    for (String name : names) {
      if (!there.contains(name)) {
        throw new IllegalArgumentException(
            who
                + " the method "
                + name
                + ", which "
                + actorClass.getName()
                + " does not have; it has "
                + there);
      }
    }
  }

  private static Set<String> of(Class<?> actorClass) {
    Set<String> names = new TreeSet<>();
    for (Class<?> c = actorClass; c != null && c != Object.class; c = c.getSuperclass()) {
      for (Method m : c.getDeclaredMethods()) {
        if (!m.isSynthetic()) {
          names.add(m.getName());
        }
      }
    }
    for (Method m : actorClass.getMethods()) {
      names.add(m.getName());
    }
    return names;
  }
}
