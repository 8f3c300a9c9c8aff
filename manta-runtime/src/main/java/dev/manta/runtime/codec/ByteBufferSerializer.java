package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Copies a buffer: content, position, limit and order. What comes is read-only, so that all who read
 * a large one can share its memory.
 */
final class ByteBufferSerializer extends Serializer<ByteBuffer> {
  @Override
  public void write(Kryo kryo, Output output, ByteBuffer buffer) {
    output.writeBoolean(buffer.order() == ByteOrder.BIG_ENDIAN);
    output.writeInt(buffer.position());
    output.writeInt(buffer.limit());
    MemorySegment content = MemorySegment.ofBuffer(buffer.duplicate().clear());
    MemorySegments.write(
        (Machine) kryo, output, content,
        () -> MemorySegment.ofArray(content.toArray(ValueLayout.JAVA_BYTE)));
  }

  @Override
  public ByteBuffer read(Kryo kryo, Input input, Class<? extends ByteBuffer> type) {
    boolean isBigEndian = input.readBoolean();
    int position = input.readInt();
    int limit = input.readInt();
    MemorySegment content = MemorySegments.read((Machine) kryo, input, MemorySegment::ofArray);
    return MemorySegments.asBytes(content)
        .asByteBuffer()
        .order(isBigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
        .limit(limit)
        .position(position);
  }
}
