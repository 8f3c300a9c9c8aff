package dev.manta.cluster.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * Values that are nothing but bytes, in shared memory. Each is put with one bulk copy. An array is
 * read with one; a {@link MemorySegment} or {@link ByteBuffer} is read without any: it is the shared
 * memory, which can't be written. Numbers have the byte order of the machine.
 *
 * <p>{@code boolean} arrays are copied one by one, for the JVM has no other way.
 */
public final class SharedValues {
  private SharedValues() {}

  /** Puts a copy of a segment's bytes. */
  public static Stored put(SharedStore store, MemorySegment value) {
    return store.put(value.byteSize(), target -> target.copyFrom(value));
  }

  /** Puts a copy of the bytes between a buffer's position and limit, which stay as they are. */
  public static Stored put(SharedStore store, ByteBuffer value) {
    return put(store, MemorySegment.ofBuffer(value));
  }

  /**
   * Puts a copy of an array.
   *
   * @param array of a primitive type
   * @throws IllegalArgumentException if it is something else
   */
  public static Stored putArray(SharedStore store, Object array) {
    if (array instanceof boolean[] values) {
      return store.put(values.length, target -> {
        for (int i = 0; i < values.length; i++) {
          target.set(ValueLayout.JAVA_BOOLEAN, i, values[i]);
        }
      });
    }
    return put(store, heapSegment(array));
  }

  /**
   * A copy of what was put as an array.
   *
   * @param type of the array: {@code double[].class} and so on
   * @throws InvalidStoredException if the object's length is none that such an array can have
   */
  public static <T> T array(SharedStore store, Stored stored, Class<T> type) {
    return type.cast(store.read(stored, source -> copy(source, stored, type)));
  }

  /** The shared bytes as a buffer, read-only and big-endian until its order is set: no copy. */
  public static ByteBuffer buffer(SharedStore store, Stored stored) {
    if (stored.length() > Integer.MAX_VALUE) {
      throw new InvalidStoredException(stored + " is too long for a ByteBuffer");
    }
    return store.view(stored).asByteBuffer();
  }

  private static Object copy(MemorySegment source, Stored stored, Class<?> type) {
    Class<?> element = type.getComponentType();
    if (element == boolean.class) {
      boolean[] values = new boolean[count(stored, 1)];
      for (int i = 0; i < values.length; i++) {
        values[i] = source.get(ValueLayout.JAVA_BYTE, i) != 0;
      }
      return values;
    }
    if (element == null || !element.isPrimitive()) {
      throw new IllegalArgumentException(type.getTypeName() + " is no array of a primitive type");
    }
    Object array = java.lang.reflect.Array.newInstance(element, count(stored, size(element)));
    heapSegment(array).copyFrom(source);
    return array;
  }

  private static int size(Class<?> element) {
    return switch (element.getName()) {
      case "byte" -> Byte.BYTES;
      case "short", "char" -> Short.BYTES;
      case "int", "float" -> Integer.BYTES;
      default -> Long.BYTES;
    };
  }

  private static int count(Stored stored, int size) {
    long count = stored.length() / size;
    if (stored.length() % size != 0 || count > Integer.MAX_VALUE - 8) {
      throw new InvalidStoredException(stored + " is no array of elements of " + size + " bytes");
    }
    return (int) count;
  }

  private static MemorySegment heapSegment(Object array) {
    return switch (array) {
      case byte[] a -> MemorySegment.ofArray(a);
      case short[] a -> MemorySegment.ofArray(a);
      case char[] a -> MemorySegment.ofArray(a);
      case int[] a -> MemorySegment.ofArray(a);
      case long[] a -> MemorySegment.ofArray(a);
      case float[] a -> MemorySegment.ofArray(a);
      case double[] a -> MemorySegment.ofArray(a);
      default -> throw new IllegalArgumentException(
          array.getClass().getTypeName() + " is no array of a primitive type");
    };
  }
}
