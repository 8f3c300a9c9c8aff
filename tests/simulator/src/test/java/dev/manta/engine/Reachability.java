package dev.manta.engine;

import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/** What is strongly reachable from an object through the engine's objects and collections. */
final class Reachability {
  private static final ClassValue<List<Field>> FIELDS =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
          return fieldsOf(type);
        }
      };

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<WeakHashMap<?, ?>> weak = new ArrayList<>();
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

  /** All that is reachable from some objects. */
  static Set<Object> from(Collection<Object> roots) {
    Reachability r = new Reachability();
    roots.forEach(o -> r.add(o, null));
    do {
      while (!r.open.isEmpty()) {
        r.follow(r.open.remove());
      }
      r.followWeak();
    } while (!r.open.isEmpty());
    return r.seen;
  }

  /** The values whose keys are reachable. */
  private void followWeak() {
    for (WeakHashMap<?, ?> map : weak) {
      map.forEach(
          (k, v) -> {
            if (seen.contains(k)) {
              add(v, map);
            }
          });
    }
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
      case Thread _,Host _,SimActor _ -> {}
      case Transport _,SharedMemory _,Job _,Cluster _ -> {}
      case Resident r -> r.stash.forEach(e -> add(e, o));
      case Object[] array -> Arrays.asList(array).forEach(e -> add(e, o));
      case Collection<?> all -> all.forEach(e -> add(e, o));
      case WeakHashMap<?, ?> map -> weak.add(map);
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
    for (Field f : FIELDS.get(o.getClass())) {
      add(read(f, o), o);
    }
  }

  private static List<Field> fieldsOf(Class<?> type) {
    List<Field> all = new ArrayList<>();
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      for (Field f : c.getDeclaredFields()) {
        if (!Modifier.isStatic(f.getModifiers())
            && !f.getType().isPrimitive()
            && c.getName().startsWith("dev.manta.")
            && !f.getName().equals("construction")) {
          f.setAccessible(true);
          all.add(f);
        }
      }
    }
    return all;
  }

  static Object field(Object o, String name) {
    try {
      Field f = o.getClass().getDeclaredField(name);
      f.setAccessible(true);
      return read(f, o);
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object read(Field f, Object o) {
    try {
      return f.get(o);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
