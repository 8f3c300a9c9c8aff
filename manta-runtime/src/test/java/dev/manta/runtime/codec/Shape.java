package dev.manta.runtime.codec;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * A value to copy.
 *
 * @param equal what makes a copy of it a good one, where {@code equals} does not say
 */
record Shape(String name, Object value, BiPredicate<Object, Object> equal) {
  /** A value whose copies have its class and equal it. */
  static Shape of(String name, Object value) {
    return new Shape(name, value, Shape::sameClassAndEqual);
  }

  /** The same value, whose copies have its class, and the same of what {@code seen} sees. */
  Shape by(Function<Object, ?> seen) {
    return new Shape(
        name,
        value,
        (a, b) -> a.getClass() == b.getClass() && Objects.equals(seen.apply(a), seen.apply(b)));
  }

  /** A collection or map whose copies have its class and its elements in its order. */
  static Shape inOrder(String name, Object value) {
    return new Shape(
        name, value, (a, b) -> a.getClass() == b.getClass() && elements(a).equals(elements(b)));
  }

  /** Memory, whose copies are read-only, and on the heap or not. */
  static Shape memory(String name, Object value) {
    return new Shape(name, value, Shape::isReadOnlyCopy);
  }

  private static boolean isReadOnlyCopy(Object a, Object b) {
    if (a instanceof MemorySegment original) {
      return b instanceof MemorySegment copy && copy.isReadOnly() && copy.mismatch(original) == -1
          && copy.maxByteAlignment() >= Long.BYTES;
    }
    ByteBuffer original = (ByteBuffer) a;
    return b instanceof ByteBuffer copy && copy.isReadOnly()
        && copy.position() == original.position() && copy.limit() == original.limit()
        && copy.order() == original.order() && whole(copy).equals(whole(original));
  }

  private static ByteBuffer whole(ByteBuffer buffer) {
    return buffer.duplicate().clear();
  }

  /** A view, whose copies may be of another class. */
  static Shape view(String name, Object value) {
    return new Shape(name, value, (a, b) -> elements(a).equals(elements(b)));
  }

  private static Object elements(Object value) {
    return value instanceof Map<?, ?> map
        ? new ArrayList<>(map.entrySet())
        : new ArrayList<>((Collection<?>) value);
  }

  private static boolean sameClassAndEqual(Object a, Object b) {
    return a.getClass() == b.getClass() && Objects.deepEquals(a, b);
  }

  @Override
  public String toString() {
    return name;
  }
}
