package dev.manta.engine;

import dev.manta.Reason;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds turns that wait for a monitor which a suspended call of the same actor holds. It looks at
 * the monitors that an actor's code is likely to use: of the actor, of what its fields lead to, and
 * of the classes on the blocked stack.
 */
final class MonitorDeadlocks {
  private static final int MAX_CANDIDATES = 256;
  private static final int MAX_ASKED = 10_000;

  private final long timeoutNs;

  MonitorDeadlocks(long timeoutNs) {
    this.timeoutNs = timeoutNs;
  }

  long timeoutNs() {
    return timeoutNs;
  }

  /** Asks the suspended calls of an actor whose turn is blocked on a monitor. */
  MonitorProbe ask(Incarnation actor, Thread blocked, long nowNs) {
    List<Runner> asked = new ArrayList<>();
    for (Runner runner : actor.suspended()) {
      if (asked.size() == MAX_ASKED) {
        break;
      }
      asked.add(runner);
    }
    MonitorProbe probe = new MonitorProbe(candidates(actor, blocked), asked.size(), nowNs);
    asked.forEach(runner -> runner.ask(probe));
    return probe;
  }

  /**
   * Ends an actor whose turn can never go on.
   *
   * @param holder the suspended call's: it gets the end of its code over without the turn, which
   *     waits for the monitor that only it can leave
   */
  void end(Incarnation actor, Runner holder) {
    actor.die(
        new Death(
            Reason.ACTOR_DIED,
            "was ended: a turn waited for a monitor that a suspended call of it held",
            null,
            false),
        true);
    if (holder instanceof TurnRunner runner) {
      runner.goOnOffTurn();
    }
  }

  private static List<Object> candidates(Incarnation actor, Thread blocked) {
    Object instance = actor.instance;
    if (instance == null) {
      return List.of();
    }
    Set<Object> found = Collections.newSetFromMap(new IdentityHashMap<>());
    ArrayDeque<Object> open = new ArrayDeque<>();
    open.add(instance);
    for (Class<?> c : classes(instance.getClass().getClassLoader(), blocked)) {
      open.add(c);
      addFields(open, c, null);
    }
    while (!open.isEmpty() && found.size() < MAX_CANDIDATES) {
      Object o = open.remove();
      if (found.add(o) && !(o instanceof Class<?>)) {
        for (Class<?> c = o.getClass(); isOfUser(c); c = c.getSuperclass()) {
          addFields(open, c, o);
        }
      }
    }
    return new ArrayList<>(found);
  }

  private static List<Class<?>> classes(@Nullable ClassLoader loader, Thread blocked) {
    List<Class<?>> classes = new ArrayList<>();
    for (StackTraceElement frame : blocked.getStackTrace()) {
      try {
        Class<?> c = Class.forName(frame.getClassName(), false, loader);
        if (isOfUser(c) && c.getModule() != MonitorDeadlocks.class.getModule()) {
          classes.add(c);
        }
      } catch (ClassNotFoundException | LinkageError e) {
        // a class that this loader does not see: a hidden one, for example
      }
    }
    return classes;
  }

  private static boolean isOfUser(@Nullable Class<?> type) {
    return type != null && type.getClassLoader() != null;
  }

  /** Adds what the static fields of a class hold, or the others of an object. */
  private static void addFields(ArrayDeque<Object> open, Class<?> type, @Nullable Object of) {
    for (Field field : type.getDeclaredFields()) {
      if (!field.getType().isPrimitive()
          && Modifier.isStatic(field.getModifiers()) == (of == null)) {
        try {
          field.setAccessible(true);
          Object value = field.get(of);
          if (value != null) {
            open.add(value);
          }
        } catch (InaccessibleObjectException | ReflectiveOperationException e) {
          // a package that is not open: its monitors are not looked at
        }
      }
    }
  }
}
