package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/**
 * What is written as the number of its elements and these: {@link CheckedInput} takes part in its
 * reading, since memory is taken for as many as the number says before there is one.
 */
final class CountedSerializer extends Serializer<Object> {
  private final Serializer<Object> elements;

  @SuppressWarnings("unchecked")
  CountedSerializer(Serializer<?> elements) {
    super(elements.getAcceptsNull(), elements.isImmutable());
    this.elements = (Serializer<Object>) elements;
  }

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    elements.write(kryo, output, object);
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    CheckedInput in = (CheckedInput) input;
    long before = in.enter();
    try {
      return elements.read(kryo, input, type);
    } finally {
      in.leave(before);
    }
  }
}
