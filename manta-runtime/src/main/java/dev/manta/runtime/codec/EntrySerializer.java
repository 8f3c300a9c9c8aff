package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.AbstractMap.SimpleEntry;
import java.util.Map;

/** Copies an entry of a JDK map: one that was of the map itself becomes one of its own. */
final class EntrySerializer extends Serializer<Map.Entry<?, ?>> {
  private static final Class<?> IMMUTABLE = Map.entry("", "").getClass();

  @Override
  public void write(Kryo kryo, Output output, Map.Entry<?, ?> entry) {
    kryo.writeClassAndObject(output, entry.getKey());
    kryo.writeClassAndObject(output, entry.getValue());
  }

  @Override
  public Map.Entry<?, ?> read(Kryo kryo, Input input, Class<? extends Map.Entry<?, ?>> type) {
    Object key = kryo.readClassAndObject(input);
    Object value = kryo.readClassAndObject(input);
    return (Class<?>) type == IMMUTABLE ? Map.entry(key, value) : new SimpleEntry<>(key, value);
  }
}
