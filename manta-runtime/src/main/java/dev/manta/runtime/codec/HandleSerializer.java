package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/** Writes the number of a handle, which stays out of the bytes. */
final class HandleSerializer extends Serializer<Object> {
  @Override
  public void write(Kryo kryo, Output output, Object handle) {
    Machine machine = (Machine) kryo;
    String refusal = machine.boundary().refusal(handle);
    if (refusal != null) {
      throw new Machine.Refused(refusal);
    }
    output.writeVarInt(machine.handle(handle), true);
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    Object handle = ((Machine) kryo).handleAt(input.readVarInt(true));
    kryo.reference(handle);
    return handle;
  }
}
