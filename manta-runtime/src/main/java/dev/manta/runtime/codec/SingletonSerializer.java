package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Field;

/** Writes nothing, and reads the one instance of a class. */
final class SingletonSerializer extends Serializer<Object> {
  private final Object instance;

  SingletonSerializer(Field field) {
    field.setAccessible(true);
    try {
      instance = field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("reading " + field, e);
    }
  }

  @Override
  public void write(Kryo kryo, Output output, Object object) {}

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    return instance;
  }
}
