package dev.manta.runtime.codec;

import dev.manta.engine.NotCopyableException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

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

  static Object of(int kind, MemorySegment bytes) {
    int n = Math.toIntExact(bytes.byteSize());
    return switch (kind) {
      case BYTE -> bytes(bytes);
      case SHORT -> filled(new short[n / Short.BYTES], bytes);
      case CHAR -> filled(new char[n / Character.BYTES], bytes);
      case INT -> filled(new int[n / Integer.BYTES], bytes);
      case LONG -> filled(new long[n / Long.BYTES], bytes);
      case FLOAT -> filled(new float[n / Float.BYTES], bytes);
      case DOUBLE -> filled(new double[n / Double.BYTES], bytes);
      case BOOLEAN -> {
        boolean[] a = new boolean[n];
        for (int i = 0; i < n; i++) {
          a[i] = bytes.get(ValueLayout.JAVA_BYTE, i) != 0;
        }
        yield a;
      }
      default -> throw new NotCopyableException("", "it is in an unknown form (" + kind + ")");
    };
  }

  private static Object filled(Object array, MemorySegment bytes) {
    MemorySegment to = segment(array);
    MemorySegment.copy(bytes, 0, to, 0, to.byteSize());
    return array;
  }
}
