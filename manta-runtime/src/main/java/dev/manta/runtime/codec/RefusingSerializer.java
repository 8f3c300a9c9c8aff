package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/** Says why objects of a class are not copied. */
final class RefusingSerializer extends Serializer<Object> {
  private final String reason;

  RefusingSerializer(String reason) {
    this.reason = reason;
  }

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    throw new Machine.Refused(reason);
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    throw new Machine.Refused(reason);
  }
}
