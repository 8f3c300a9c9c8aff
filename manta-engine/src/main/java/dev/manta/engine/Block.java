package dev.manta.engine;

import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a value that never change, beside its encoded form: a large array, or memory. Used by any
 * thread.
 */
public interface Block {
  /** How many there are. */
  long size();

  /** Has a function read them, which does not keep them. */
  <T extends @Nullable Object> T read(Function<MemorySegment, T> reader);

  /** The bytes, read-only, for as long as the segment, a part or a buffer of it is reachable. */
  MemorySegment view();

  /**
   * Nobody reads them by this object any more: their memory is free when the views are unreachable
   * too. Without it, that is when this object is unreachable. The second time nothing happens.
   */
  default void release() {}

  /** Bytes on the heap, which nobody changes any more. */
  static Block of(MemorySegment bytes) {
    return new OnHeap(bytes);
  }

  /** Bytes of this process alone. */
  record OnHeap(MemorySegment bytes) implements Block {
    @Override
    public long size() {
      return bytes.byteSize();
    }

    @Override
    public <T extends @Nullable Object> T read(Function<MemorySegment, T> reader) {
      return reader.apply(bytes);
    }

    @Override
    public MemorySegment view() {
      return bytes.asReadOnly();
    }
  }
}
