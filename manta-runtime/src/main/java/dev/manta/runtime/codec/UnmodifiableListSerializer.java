package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Arrays;
import java.util.List;

/** Copies the lists of {@code List.of} and {@code Stream.toList()}, which may have nulls. */
final class UnmodifiableListSerializer extends Serializer<List<?>> {
  static final Class<?> TYPE = List.of().getClass();

  @Override
  public void write(Kryo kryo, Output output, List<?> list) {
    output.writeVarInt(list.size(), true);
    for (Object element : list) {
      kryo.writeClassAndObject(output, element);
    }
  }

  @Override
  public List<?> read(Kryo kryo, Input input, Class<? extends List<?>> type) {
    Object[] elements = new Object[input.readVarInt(true)];
    boolean hasNull = false;
    for (int i = 0; i < elements.length; i++) {
      elements[i] = kryo.readClassAndObject(input);
      hasNull |= elements[i] == null;
    }
    return hasNull ? Arrays.stream(elements).toList() : List.of(elements);
  }
}
