package dev.manta.runtime.codec;

import dev.manta.engine.Block;
import dev.manta.engine.Boundary;
import dev.manta.engine.NotCopyableException;
import dev.manta.engine.SharedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/** Primitive arrays as bytes, in this machine's order of bytes: for processes of the same host. */
final class PrimitiveArrays {
  private static final int BYTE = 0;
  private static final int SHORT = 1;
  private static final int CHAR = 2;
  private static final int INT = 3;
  private static final int LONG = 4;
  private static final int FLOAT = 5;
  private static final int DOUBLE = 6;
  private static final int BOOLEAN = 7;

  private PrimitiveArrays() {}

  /** A number for the kind of array. */
  static int kind(Object array) {
    return switch (array) {
      case byte[] _ -> BYTE;
      case short[] _ -> SHORT;
      case char[] _ -> CHAR;
      case int[] _ -> INT;
      case long[] _ -> LONG;
      case float[] _ -> FLOAT;
      case double[] _ -> DOUBLE;
      case boolean[] _ -> BOOLEAN;
      default -> throw new AssertionError(array);
    };
  }

  /** The bytes that an array takes. */
  static long size(Object array) {
    long width =
        switch (kind(array)) {
          case LONG, DOUBLE -> Long.BYTES;
          case INT, FLOAT -> Integer.BYTES;
          case SHORT, CHAR -> Short.BYTES;
          default -> 1;
        };
    return width * Array.getLength(array);
  }

  /** Copies a large array to where all processes can read it; null if it is small, or that is nowhere. */
  static @Nullable Block keep(Object array, Boundary boundary) {
    return size(array) < SharedMemory.LEAST_BYTES ? null : boundary.keep(segment(array));
  }

  /** The bytes of an array: it itself, but for booleans. */
  static MemorySegment segment(Object array) {
    return switch (array) {
      case byte[] a -> MemorySegment.ofArray(a);
      case short[] a -> MemorySegment.ofArray(a);
      case char[] a -> MemorySegment.ofArray(a);
      case int[] a -> MemorySegment.ofArray(a);
      case long[] a -> MemorySegment.ofArray(a);
      case float[] a -> MemorySegment.ofArray(a);
      case double[] a -> MemorySegment.ofArray(a);
      case boolean[] a -> {
        byte[] b = new byte[a.length];
        for (int i = 0; i < b.length; i++) {
          b[i] = (byte) (a[i] ? 1 : 0);
        }
        yield MemorySegment.ofArray(b);
      }
      default -> throw new AssertionError(array);
    };
  }

  /** The bytes of a segment as an array, which is its own where that is possible. */
  static byte[] bytes(MemorySegment segment) {
    return segment.heapBase().orElse(null) instanceof byte[] b && b.length == segment.byteSize()
        ? b
        : segment.toArray(ValueLayout.JAVA_BYTE);
  }

  /** A new array of what the bytes are. */
  static Object of(int kind, MemorySegment bytes) {
    return switch (kind) {
      case BYTE -> bytes.toArray(ValueLayout.JAVA_BYTE);
      case SHORT -> filled(new short[count(bytes, Short.BYTES)], bytes);
      case CHAR -> filled(new char[count(bytes, Character.BYTES)], bytes);
      case INT -> filled(new int[count(bytes, Integer.BYTES)], bytes);
      case LONG -> filled(new long[count(bytes, Long.BYTES)], bytes);
      case FLOAT -> filled(new float[count(bytes, Float.BYTES)], bytes);
      case DOUBLE -> filled(new double[count(bytes, Double.BYTES)], bytes);
      case BOOLEAN -> {
        boolean[] a = new boolean[count(bytes, 1)];
        for (int i = 0; i < a.length; i++) {
          a[i] = bytes.get(ValueLayout.JAVA_BYTE, i) != 0;
        }
        yield a;
      }
      default -> throw new NotCopyableException("", "it is in an unknown form (" + kind + ")");
    };
  }

  private static int count(MemorySegment bytes, int width) {
    return Math.toIntExact(bytes.byteSize() / width);
  }

  private static Object filled(Object array, MemorySegment bytes) {
    MemorySegment to = segment(array);
    MemorySegment.copy(bytes, 0, to, 0, to.byteSize());
    return array;
  }
}
