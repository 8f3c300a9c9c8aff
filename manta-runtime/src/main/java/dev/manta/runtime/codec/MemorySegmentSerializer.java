package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.foreign.MemorySegment;

/**
 * Copies memory. What comes is read-only and never closed, so that all who read a large one can share
 * it, and any number may be read at an aligned place in it.
 */
final class MemorySegmentSerializer extends Serializer<MemorySegment> {
  @Override
  public void write(Kryo kryo, Output output, MemorySegment segment) {
    MemorySegments.write(
        (Machine) kryo, output, segment, () -> MemorySegments.alignedCopy(segment));
  }

  @Override
  public MemorySegment read(Kryo kryo, Input input, Class<? extends MemorySegment> type) {
    return MemorySegments.aligned(
        MemorySegments.read(
            (Machine) kryo, input, b -> MemorySegments.alignedCopy(MemorySegment.ofArray(b))));
  }
}
