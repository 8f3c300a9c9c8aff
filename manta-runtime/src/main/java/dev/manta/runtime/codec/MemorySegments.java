package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.manta.engine.SharedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Function;
import java.util.function.Supplier;

/** Memory in and beside Kryo's bytes. */
final class MemorySegments {
  private MemorySegments() {}

  /** @param onHeap copies it, where it is large and the value stays in this process */
  static void write(
      Machine machine, Output output, MemorySegment content, Supplier<MemorySegment> onHeap) {
    boolean isLarge = content.byteSize() >= SharedMemory.LEAST_BYTES;
    output.writeBoolean(isLarge);
    if (isLarge) {
      machine.keep(content, onHeap);
    } else {
      output.writeVarInt((int) content.byteSize(), true);
      output.writeBytes(content.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /**
   * Read-only.
   *
   * @param small memory of bytes that it may keep
   */
  static MemorySegment read(Machine machine, Input input, Function<byte[], MemorySegment> small) {
    return input.readBoolean()
        ? machine.nextKept().view()
        : small.apply(input.readBytes(input.readVarInt(true))).asReadOnly();
  }

  /** On the heap, where each number has an aligned place. */
  static MemorySegment alignedCopy(MemorySegment segment) {
    long size = segment.byteSize();
    MemorySegment copy =
        MemorySegment.ofArray(new long[Math.toIntExact((size + Long.BYTES - 1) / Long.BYTES)])
            .asSlice(0, size);
    return copy.copyFrom(segment);
  }

  /** The same bytes; copied where they came in a frame. */
  static MemorySegment aligned(MemorySegment segment) {
    return segment.maxByteAlignment() >= Long.BYTES || segment.byteSize() == 0
        ? segment
        : alignedCopy(segment).asReadOnly();
  }

  /** The same bytes; copied where no buffer can be of their memory. */
  static MemorySegment asBytes(MemorySegment segment) {
    return segment.isNative() || segment.maxByteAlignment() == 1
        ? segment
        : MemorySegment.ofArray(segment.toArray(ValueLayout.JAVA_BYTE)).asReadOnly();
  }
}
