package dev.manta.engine;

import dev.manta.ActorRef;
import dev.manta.Manta;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a function and what it captured at the moment of its submission. */
final class Capture {
  private Capture() {}

  /**
   * A function as its receiver may run it.
   *
   * @param original the submitted function, for {@link #again}
   * @param function what to run, over copies
   * @param dependencies the refs that it captured itself
   * @param size the bytes of the copied values
   * @param encoded the copied values, for further attempts; null if all values are shared
   */
  record Captured(
      Object original,
      Object function,
      List<Ref<?>> dependencies,
      int size,
      @Nullable Encoded encoded) {
    /** The function over fresh copies, for another attempt. */
    Object again(Engine engine) {
      return encoded == null ? function : rebuild(engine, original, encoded);
    }
  }

  /** Whether a function shares all it captured: it may be run as it is. */
  static boolean isShared(Object function) {
    return FunctionShape.of(function).capturesOnlyImmutables();
  }

  /**
   * Copies what a function captured.
   *
   * @throws IllegalArgumentException if something can't be copied; names it and the cure
   */
  static Captured take(Engine engine, Object function) {
    FunctionShape shape = FunctionShape.of(function);
    if (shape.capturesOnlyImmutables()) {
      return new Captured(function, function, List.of(), 0, null);
    }
    List<Ref<?>> dependencies = new ArrayList<>(2);
    if (shape.isLambda()) {
      @Nullable Object[] values = shape.read(function);
      boolean copies = prepare(engine, shape, function, values, dependencies);
      if (!copies) {
        return new Captured(
            function, shape.rebuild(function, values), List.copyOf(dependencies), 0, null);
      }
      Encoded encoded = encode(engine, shape, function, values, true, false);
      return new Captured(
          function,
          rebuild(engine, function, encoded),
          List.copyOf(dependencies),
          sizeOf(encoded),
          encoded);
    }
    Encoded encoded = encode(engine, shape, function, function, false, false);
    return new Captured(
        function,
        java.util.Objects.requireNonNull(engine.copies.decode(encoded)),
        List.of(),
        sizeOf(encoded),
        encoded);
  }

  /**
   * Takes what a function captured, for another process.
   *
   * @throws IllegalArgumentException as {@link #take}
   */
  static Parcel pack(Engine engine, Object function) {
    FunctionShape shape = FunctionShape.of(function);
    FunctionCode code = shape.code(function);
    if (!shape.isLambda()) {
      return new Parcel(
          code, null, encode(engine, shape, function, function, false, true), List.of());
    }
    @Nullable Object[] values = shape.read(function);
    List<Ref<?>> dependencies = values.length == 0 ? List.of() : new ArrayList<>(2);
    boolean encodes = prepare(engine, shape, function, values, dependencies);
    for (int i = 0; !encodes && i < values.length; i++) {
      encodes = !WireValues.isPlain(values[i]);
    }
    return encodes
        ? new Parcel(
            code, null, encode(engine, shape, function, values, true, true), dependencies)
        : new Parcel(code, values, null, dependencies);
  }

  /**
   * Checks captured values, and puts handles of the receiver's own in the place of handles.
   *
   * @param dependencies gets the refs among them
   * @return whether some of them must be copied
   */
  private static boolean prepare(
      Engine engine,
      FunctionShape shape,
      Object function,
      @Nullable Object[] values,
      List<Ref<?>> dependencies) {
    boolean copies = false;
    for (int i = 0; i < values.length; i++) {
      Object v = values[i];
      String foreign = engine.copies.foreign(v);
      if (foreign != null) {
        throw refused(shape, function, i, foreign);
      }
      if (v instanceof StageRef<?> ref) {
        dependencies.add(ref.origin());
        values[i] = ref.origin().view();
      } else if (v instanceof ActorRef<?> || v instanceof Manta) {
        values[i] = engine.copies.onDecode(v);
      } else if (v != null && !Immutables.isImmutable(v.getClass())) {
        String refusal = engine.copies.refusal(v);
        if (refusal != null) {
          throw refused(shape, function, i, refusal);
        }
        copies = true;
      }
    }
    return copies;
  }

  private static Object rebuild(Engine engine, Object original, Encoded encoded) {
    FunctionShape shape = FunctionShape.of(original);
    Object decoded = java.util.Objects.requireNonNull(engine.copies.decode(encoded));
    return shape.isLambda() ? shape.rebuild(original, (@Nullable Object[]) decoded) : decoded;
  }

  private static Encoded encode(
      Engine engine, FunctionShape shape, Object function, Object value, boolean lambda,
      boolean forAll) {
    try {
      return forAll ? engine.copies.encodeForAll(value) : engine.copies.encode(value);
    } catch (NotCopyableException e) {
      String path = e.path();
      int variable = -1;
      if (lambda && path.startsWith("[")) {
        int end = path.indexOf(']');
        variable = Integer.parseInt(path.substring(1, end));
        path = path.substring(end + 1);
        if (path.startsWith(".")) {
          path = path.substring(1);
        }
      }
      String name;
      if (variable < 0) {
        int dot = path.indexOf('.');
        name = FunctionSource.variableOf(dot < 0 ? path : path.substring(0, dot));
        path = dot < 0 ? "" : path.substring(dot + 1);
      } else {
        name = shape.capturedNames(function)[variable];
      }
      String where = path.isEmpty() ? name : name + "." + path;
      throw new IllegalArgumentException(
          "the function at "
              + shape.callSite(function)
              + " captures `"
              + where
              + "`, and that can't be copied: "
              + e.getMessage()
              + cure(name),
          e);
    }
  }

  private static IllegalArgumentException refused(
      FunctionShape shape, Object function, int variable, String why) {
    String name = shape.capturedNames(function)[variable];
    String fields = name.equals("this") ? shape.fieldsRead(function) : "";
    return new IllegalArgumentException(
        "the function at "
            + shape.callSite(function)
            + " captures `"
            + name
            + "`"
            + (fields.isEmpty() ? "" : " (it uses the field " + fields + ")")
            + ", and "
            + why
            + cure(name));
  }

  private static String cure(String name) {
    return name.equals("this")
        ? ". Copy the field that it uses to a local variable and capture that"
        : ". Capture only what it needs, as values, object refs or actor refs";
  }

  private static int sizeOf(Encoded encoded) {
    return (int) Math.min(Integer.MAX_VALUE, encoded.size());
  }
}
