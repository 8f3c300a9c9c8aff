package dev.manta.engine;

import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** What is strongly reachable from an object through the engine's objects and collections. */
final class Reachability {
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final ArrayDeque<Object> open = new ArrayDeque<>();
  private final IdentityHashMap<Object, Object> from = new IdentityHashMap<>();

  /** The first reachable object of a class, and the way to it; null if there is none. */
  static String path(Object root, Class<?> sought) {
    Reachability r = new Reachability();
    r.add(root, null);
    while (!r.open.isEmpty()) {
      Object o = r.open.remove();
      if (sought.isInstance(o)) {
        return r.way(o);
      }
      r.follow(o);
    }
    return null;
  }

  private String way(Object to) {
    StringBuilder s = new StringBuilder();
    for (Object o = to; o != null; o = from.get(o)) {
      s.append(" < ").append(o.getClass().getName());
    }
    return to + s.toString();
  }

  private void add(Object o, Object by) {
    if (o != null && seen.add(o)) {
      from.put(o, by);
      open.add(o);
    }
  }

  private void follow(Object o) {
    switch (o) {
      case Reference<?> _,Thread _,Host _,SimActor _ -> {}
      case Object[] array -> Arrays.asList(array).forEach(e -> add(e, o));
      case Collection<?> all -> all.forEach(e -> add(e, o));
      case Map<?, ?> map -> map.forEach(
          (k, v) -> {
            add(k, o);
            add(v, o);
          });
      default -> {
        if (o.getClass().getName().startsWith("dev.manta.")) {
          fields(o);
        }
      }
    }
  }

  private void fields(Object o) {
    for (Class<?> c = o.getClass(); c != null; c = c.getSuperclass()) {
      for (Field f : c.getDeclaredFields()) {
        if (!Modifier.isStatic(f.getModifiers())
            && !f.getType().isPrimitive()
            && c.getName().startsWith("dev.manta.")
            && !f.getName().equals("construction")) {
          add(read(f, o), o);
        }
      }
    }
  }

  static Object field(Object o, String name) {
    try {
      return read(o.getClass().getDeclaredField(name), o);
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object read(Field f, Object o) {
    try {
      f.setAccessible(true);
      return f.get(o);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
