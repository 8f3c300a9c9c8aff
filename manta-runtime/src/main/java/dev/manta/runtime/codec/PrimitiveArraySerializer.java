package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.manta.engine.SharedMemory;
import org.jspecify.annotations.Nullable;

/** Copies an array of numbers: a large one beside the bytes, in one go. */
final class PrimitiveArraySerializer extends Serializer<Object> {
  private final Serializer<Object> byKryo;

  @SuppressWarnings("unchecked")
  PrimitiveArraySerializer(Serializer<?> byKryo) {
    super(byKryo.getAcceptsNull(), byKryo.isImmutable());
    this.byKryo = (Serializer<Object>) byKryo;
  }

  @Override
  public void write(Kryo kryo, Output output, @Nullable Object array) {
    boolean isLarge = array != null && PrimitiveArrays.size(array) >= SharedMemory.LEAST_BYTES;
    output.writeBoolean(isLarge);
    if (isLarge) {
      Object large = java.util.Objects.requireNonNull(array);
      ((Machine) kryo).keep(
          PrimitiveArrays.segment(large), () -> PrimitiveArrays.segment(KryoCodec.copy(large)));
    } else {
      byKryo.write(kryo, output, array);
    }
  }

  @Override
  public @Nullable Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    if (!input.readBoolean()) {
      return byKryo.read(kryo, input, type);
    }
    int kind = PrimitiveArrays.kind(java.lang.reflect.Array.newInstance(type.componentType(), 0));
    return ((Machine) kryo).nextKept().<Object>read(bytes -> PrimitiveArrays.of(kind, bytes));
  }
}
