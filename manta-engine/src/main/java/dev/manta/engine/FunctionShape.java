package dev.manta.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the class of a function: what it captures, how to read that and how to make the
 * function anew over other values; and, from its class file, where it was written. Decided once a
 * class.
 */
final class FunctionShape {
  private static final ClassValue<FunctionShape> SHAPES =
      new ClassValue<>() {
        @Override
        protected FunctionShape computeValue(Class<?> type) {
          return new FunctionShape(type);
        }
      };

  private final Class<?> type;
  private final Field[] fields;
  private final boolean capturesOnlyImmutables;
  private volatile @Nullable Access access;
  private volatile @Nullable FunctionSource source;
  private volatile @Nullable Label label;
  private volatile @Nullable FunctionCode code;
  private boolean seen;

  private FunctionShape(Class<?> type) {
    this.type = type;
    List<Field> captured = new ArrayList<>();
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      for (Field f : c.getDeclaredFields()) {
        if (!Modifier.isStatic(f.getModifiers())) {
          captured.add(f);
        }
      }
    }
    if (type.isHidden() && captured.size() > 1) {
      captured.sort(Comparator.comparingInt(FunctionShape::argument));
    }
    this.fields = captured.toArray(new Field[0]);
    boolean immutable = true;
    for (Field f : fields) {
      immutable &= Immutables.isImmutableType(f.getType());
    }
    this.capturesOnlyImmutables = immutable;
  }

  /** The number in a lambda's {@code arg$2}. */
  private static int argument(Field field) {
    String name = field.getName();
    int dollar = name.lastIndexOf('$');
    try {
      return Integer.parseInt(name.substring(dollar + 1));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  static FunctionShape of(Object function) {
    return SHAPES.get(function.getClass());
  }

  /** Whether it may be run by its receiver as it is: all it captures is shared. */
  boolean capturesOnlyImmutables() {
    return capturesOnlyImmutables;
  }

  /** Whether it is a lambda or method reference, which {@link #rebuild} makes anew. */
  boolean isLambda() {
    return type.isHidden();
  }

  // ---- what it captures

  /** How captured values are read and functions made: needs the package to be open. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Access(MethodHandle[] getters, @Nullable MethodHandle constructor) {}

  private Access access(Object function) {
    Access a = access;
    if (a == null) {
      a = open(function);
      access = a;
    }
    return a;
  }

  private Access open(Object function) {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      MethodHandle[] getters = new MethodHandle[fields.length];
      for (int i = 0; i < fields.length; i++) {
        fields[i].setAccessible(true);
        getters[i] =
            lookup
                .unreflectGetter(fields[i])
                .asType(MethodType.methodType(Object.class, Object.class));
      }
      if (!isLambda()) {
        return new Access(getters, null);
      }
      Constructor<?> constructor = type.getDeclaredConstructors()[0];
      constructor.setAccessible(true);
      MethodHandle make =
          lookup
              .unreflectConstructor(constructor)
              .asSpreader(Object[].class, fields.length)
              .asType(MethodType.methodType(Object.class, Object[].class));
      return new Access(getters, make);
    } catch (InaccessibleObjectException e) {
      throw notOpen(function, e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("reading what " + type + " captures", e);
    }
  }

  private IllegalArgumentException notOpen(Object function, InaccessibleObjectException cause) {
    return new IllegalArgumentException(
        "the function at "
            + callSite(function)
            + " captures values that Manta may not read. Add this line to the module-info.java of "
            + type.getModule().getName()
            + ":  opens "
            + type.getPackageName()
            + ";",
        cause);
  }

  /** The captured values, in the order of {@link #capturedNames}. */
  @Nullable Object[] read(Object function) {
    MethodHandle[] getters = access(function).getters;
    @Nullable Object[] values = new Object[getters.length];
    try {
      for (int i = 0; i < values.length; i++) {
        values[i] = (Object) getters[i].invokeExact(function);
      }
    } catch (Throwable e) {
      throw new IllegalStateException("reading what " + type + " captures", e);
    }
    return values;
  }

  /** The same lambda over other captured values. */
  Object rebuild(Object function, @Nullable Object[] values) {
    MethodHandle constructor = java.util.Objects.requireNonNull(access(function).constructor);
    try {
      return (Object) constructor.invokeExact(values);
    } catch (Throwable e) {
      throw new IllegalStateException("making " + function + " over copies", e);
    }
  }

  /** The same lambda over no values at all: to find its class by, not to be run. */
  Object blank(Object function) {
    if (!isLambda() || fields.length == 0) {
      return function;
    }
    @Nullable Object[] none = new Object[fields.length];
    for (int i = 0; i < none.length; i++) {
      Class<?> t = fields[i].getType();
      none[i] = t.isPrimitive() ? Array.get(Array.newInstance(t, 1), 0) : null;
    }
    return rebuild(function, none);
  }

  /** Its code, for another process. */
  FunctionCode code(Object function) {
    FunctionCode c = code;
    if (c == null) {
      c = FunctionSource.code(type, function);
      code = c;
    }
    return c;
  }

  // ---- where it was written

  private FunctionSource source(Object function) {
    FunctionSource s = source;
    if (s == null) {
      s = FunctionSource.of(type, function);
      source = s;
    }
    return s;
  }

  /** Where it was written: {@code Shop.checkout(Shop.java:42)}. */
  String callSite(Object function) {
    return source(function).callSite();
  }

  /** The same as a stack frame. */
  StackTraceElement callSiteFrame(Object function) {
    return source(function).frame();
  }

  /** What it calls: {@code Counter.add}; where that is not clear, the method it was written in. */
  String methodName(Object function) {
    return source(function).methodName();
  }

  /** Whether this was asked before: it is worth finding out more. */
  boolean isFamiliar() {
    boolean before = seen;
    seen = true;
    return before;
  }

  /** What threads are called that run it for {@code who}. */
  String threadName(String who, Object function) {
    Label l = label;
    if (l == null || !l.who.equals(who)) {
      l = new Label(who, who + " " + methodName(function));
      label = l;
    }
    return l.text;
  }

  /** The last answer of {@link #threadName}: most functions run in one actor. */
  private record Label(String who, String text) {}

  /** The simple name of the method it calls; null where that is not clear. */
  @Nullable String calledMethod(Object function) {
    return source(function).calledMethod();
  }

  /** The names of the captured variables. */
  String[] capturedNames(Object function) {
    return source(function).capturedNames(fields);
  }

  /** The fields of its enclosing instance that it reads, for messages; empty if none. */
  String fieldsRead(Object function) {
    return String.join(", ", source(function).fieldsRead());
  }
}
