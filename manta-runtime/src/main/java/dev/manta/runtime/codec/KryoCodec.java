package dev.manta.runtime.codec;

import dev.manta.engine.Boundary;
import dev.manta.engine.Codec;
import dev.manta.engine.Encoded;
import java.lang.reflect.Array;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Copies values by Kryo. Loads Kryo when the first value comes that needs it; keeps a bounded pool
 * of its single-threaded machines, since the callers may be a million virtual threads.
 */
public final class KryoCodec implements Codec {
  private static final int POOLED = 4 * Runtime.getRuntime().availableProcessors();

  private final ArrayBlockingQueue<Object> machines = new ArrayBlockingQueue<>(POOLED);

  static {
    // Kryo reads this when its classes load; with Unsafe the JVM would print warnings
    System.setProperty("kryo.unsafe", "false");
  }

  /** A codec of its own pool. */
  public KryoCodec() {}

  @Override
  public Encoded encode(@Nullable Object value, Boundary boundary) {
    if (value != null && isPrimitiveArray(value)) {
      return new ArrayCopy(copy(value));
    }
    Machine machine = take();
    try {
      return machine.encode(value, boundary);
    } finally {
      give(machine);
    }
  }

  @Override
  public @Nullable Object decode(Encoded encoded, Boundary boundary) {
    if (encoded instanceof ArrayCopy array) {
      return copy(array.array);
    }
    Machine machine = take();
    try {
      return machine.decode((Bytes) encoded, boundary);
    } finally {
      give(machine);
    }
  }

  private Machine take() {
    return machines.poll() instanceof Machine pooled ? pooled : new Machine();
  }

  private void give(Machine machine) {
    if (machine.isWorthKeeping()) {
      boolean _ = machines.offer(machine);
    }
  }

  private static boolean isPrimitiveArray(Object value) {
    Class<?> component = value.getClass().getComponentType();
    return component != null && component.isPrimitive();
  }

  @SuppressWarnings("SuspiciousSystemArraycopy") // both are the same kind of array
  private static Object copy(Object array) {
    int length = Array.getLength(array);
    Object copy = Array.newInstance(array.getClass().getComponentType(), length);
    System.arraycopy(array, 0, copy, 0, length);
    return copy;
  }

  /** A primitive array, encoded as a copy of itself. */
  private record ArrayCopy(Object array) implements Encoded {
    @Override
    public long size() {
      long width =
          switch (array) {
            case long[] _,double[] _ -> 8;
            case int[] _,float[] _ -> 4;
            case short[] _,char[] _ -> 2;
            default -> 1;
          };
      return width * Array.getLength(array);
    }
  }

  /**
   * Kryo's bytes, and what stays out of them: handles, and classes, which are themselves whatever
   * loader they have.
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Bytes(byte[] bytes, Object[] handles, Class<?>[] classes, boolean elements)
      implements Encoded {
    @Override
    public long size() {
      return bytes.length;
    }
  }
}
