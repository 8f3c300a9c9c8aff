package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.MapSerializer;
import java.util.LinkedHashMap;

/** Copies a linked map, and whether it is ordered by access, as caches are. */
@SuppressWarnings({"NonApiType", "ReferenceEquality"}) // of this very class; the probes themselves
final class LinkedHashMapSerializer extends MapSerializer<LinkedHashMap<Object, Object>> {
  @Override
  protected void writeHeader(Kryo kryo, Output output, LinkedHashMap<Object, Object> map) {
    output.writeBoolean(isByAccess(map));
  }

  @Override
  protected LinkedHashMap<Object, Object> create(
      Kryo kryo, Input input, Class<? extends LinkedHashMap<Object, Object>> type, int size) {
    int capacity = (int) Math.min(1 << 30, size * 4L / 3 + 1);
    return new LinkedHashMap<>(capacity, 0.75f, input.readBoolean());
  }

  /** The map itself does not say: a clone shows it when a key is read. */
  @SuppressWarnings("unchecked")
  private static boolean isByAccess(LinkedHashMap<Object, Object> map) {
    LinkedHashMap<Object, Object> clone = (LinkedHashMap<Object, Object>) map.clone();
    Object first = new Object();
    clone.put(first, first);
    Object second = new Object();
    clone.put(second, second);
    return clone.get(first) == first && clone.lastEntry().getKey() == first;
  }
}
