package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Writes classes as numbers of a table that travels beside the bytes, so that a copy has the very
 * classes of its original.
 */
final class ClassTable extends DefaultClassResolver {
  private static final int BY_NUMBER = 1;

  private final List<Class<?>> table = new ArrayList<>();
  private final IdentityHashMap<Class<?>, Integer> numbers = new IdentityHashMap<>();

  int number(Class<?> runtimeType) {
    Class<?> type =
        MemorySegment.class.isAssignableFrom(runtimeType) ? MemorySegment.class : runtimeType;
    Integer known = numbers.get(type);
    if (known != null) {
      return known;
    }
    int number = table.size();
    table.add(type);
    numbers.put(type, number);
    return number;
  }

  Class<?> at(int number) {
    if (number < 0 || number >= table.size()) {
      throw new Machine.Refused("there is no class " + number);
    }
    return table.get(number);
  }

  Class<?>[] taken() {
    return table.toArray(new Class<?>[0]);
  }

  void give(Class<?>[] classes) {
    clear();
    for (Class<?> c : classes) {
      table.add(c);
    }
  }

  void clear() {
    table.clear();
    numbers.clear();
  }

  @Override
  @SuppressWarnings("rawtypes")
  protected void writeName(Output output, Class type, Registration registration) {
    output.writeByte(BY_NUMBER);
    output.writeVarInt(number(type), true);
  }

  @Override
  protected Registration readName(Input input) {
    return kryo.getRegistration(at(input.readVarInt(true)));
  }
}
