package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/** Kryo's own serializer of a record; refuses live actors. */
final class RecordCheck extends Serializer<Object> {
  private final Serializer<Object> byKryo;

  @SuppressWarnings("unchecked")
  RecordCheck(Serializer<?> byKryo) {
    this.byKryo = (Serializer<Object>) byKryo;
  }

  @Override
  public void write(Kryo kryo, Output output, Object record) {
    String refusal = ((Machine) kryo).boundary().refusal(record);
    if (refusal != null) {
      throw new Machine.Refused(refusal);
    }
    byKryo.write(kryo, output, record);
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    return byKryo.read(kryo, input, type);
  }
}
