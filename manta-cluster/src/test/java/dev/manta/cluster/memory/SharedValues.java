package dev.manta.cluster.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Arrays in a store. */
final class SharedValues {
  private SharedValues() {}

  static Stored put(SharedStore store, MemorySegment value) {
    return store.put(value);
  }

  static Stored putArray(SharedStore store, double[] array) {
    return put(store, MemorySegment.ofArray(array));
  }

  static Stored putArray(SharedStore store, int[] array) {
    return put(store, MemorySegment.ofArray(array));
  }

  static Stored putArray(SharedStore store, byte[] array) {
    return put(store, MemorySegment.ofArray(array));
  }

  static double[] doubles(SharedStore store, Stored stored) {
    return store.read(stored, s -> s.toArray(ValueLayout.JAVA_DOUBLE));
  }

  static int[] ints(SharedStore store, Stored stored) {
    return store.read(stored, s -> s.toArray(ValueLayout.JAVA_INT));
  }

  static byte[] bytes(SharedStore store, Stored stored) {
    return store.read(stored, s -> s.toArray(ValueLayout.JAVA_BYTE));
  }
}
