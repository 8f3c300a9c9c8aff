package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;

/** Copies a buffer: content, position, limit, order, whether it is direct and read-only. */
final class ByteBufferSerializer extends Serializer<ByteBuffer> {
  @Override
  public void write(Kryo kryo, Output output, ByteBuffer buffer) {
    byte[] content = new byte[buffer.capacity()];
    buffer.duplicate().clear().get(content);
    output.writeBoolean(buffer.isDirect());
    output.writeBoolean(buffer.isReadOnly());
    output.writeBoolean(buffer.order() == java.nio.ByteOrder.BIG_ENDIAN);
    output.writeVarInt(buffer.position(), true);
    output.writeVarInt(buffer.limit(), true);
    output.writeVarInt(content.length, true);
    output.writeBytes(content);
  }

  @Override
  public ByteBuffer read(Kryo kryo, Input input, Class<? extends ByteBuffer> type) {
    boolean direct = input.readBoolean();
    boolean readOnly = input.readBoolean();
    boolean bigEndian = input.readBoolean();
    int position = input.readVarInt(true);
    int limit = input.readVarInt(true);
    byte[] content = input.readBytes(input.readVarInt(true));
    ByteBuffer buffer =
        direct
            ? ByteBuffer.allocateDirect(content.length).put(content)
            : ByteBuffer.wrap(content);
    return (readOnly ? buffer.asReadOnlyBuffer() : buffer)
        .order(bigEndian ? java.nio.ByteOrder.BIG_ENDIAN : java.nio.ByteOrder.LITTLE_ENDIAN)
        .limit(limit)
        .position(position);
  }
}
