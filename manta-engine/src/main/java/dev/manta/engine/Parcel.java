package dev.manta.engine;

import dev.manta.ActorRef;
import dev.manta.Manta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function and what it captured at its submission, for another process or from one: nothing is
 * decoded before it runs.
 *
 * @param values what it captured, each of them shared or a handle; null where {@code encoded} holds
 *     them
 * @param encoded the array of the captured values, or the function itself where it is no lambda
 * @param dependencies the refs that it captured itself
 * @param inbound what it came with from another process, as a call or task; else null
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
record Parcel(
    FunctionCode code,
    @Nullable Object @Nullable [] values,
    @Nullable Encoded encoded,
    List<Ref<?>> dependencies,
    @Nullable Inbound inbound) {
  /** Of this process. */
  Parcel(
      FunctionCode code, @Nullable Object @Nullable [] values, @Nullable Encoded encoded,
      List<Ref<?>> dependencies) {
    this(code, values, encoded, dependencies, null);
  }

  int size() {
    return encoded == null ? 0 : (int) Math.min(Integer.MAX_VALUE, encoded.size());
  }

  /** The function over fresh copies; each call gives another one. Code of the user's begins here. */
  Object function(Engine engine) {
    begins();
    Encoded e = encoded;
    if (e == null) {
      @Nullable Object[] own = java.util.Objects.requireNonNull(values).clone();
      for (int i = 0; i < own.length; i++) {
        Object v = own[i];
        if (v instanceof StageRef<?> || v instanceof ActorRef<?> || v instanceof Manta) {
          own[i] = engine.copies.onDecode(v);
        }
      }
      return code.over(own, engine);
    }
    Object decoded = java.util.Objects.requireNonNull(engine.copies.decode(e));
    return code.isObject() ? decoded : code.over((@Nullable Object[]) decoded, engine);
  }

  /** The function over what was captured, which is not needed again. */
  Object functionOnce(Engine engine) {
    Object function = function(engine);
    release();
    return function;
  }

  /** It is neither sent nor decoded any more. Once. */
  void release() {
    if (encoded != null) {
      encoded.release();
    }
    dependencies.forEach(Ref::viewReleased); // the capture has a view of each of them
  }

  /** Notes that it runs from now on, for the process that has sent it. */
  void begins() {
    if (inbound != null) {
      inbound.begins();
    }
  }

  String methodName() {
    return code.methodName();
  }

  /** What a function calls, for messages, decoded or not. */
  static String nameOf(Object function) {
    return function instanceof Parcel p
        ? p.methodName()
        : FunctionShape.of(function).methodName(function);
  }
}
