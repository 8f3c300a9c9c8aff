package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.manta.engine.Boundary;
import dev.manta.engine.NotCopyableException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.Status;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;

/**
 * Copies an object by the JDK's serialization, for classes that define their own form of it. What it
 * refers to is in its own graph.
 */
final class JdkSerializer extends Serializer<Object> {
  /** How deep what comes from another process may be nested. */
  private static final int MAX_DEPTH = 10_000;

  /** Hash tables are longer than their content. */
  private static final int SLACK = 64;

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Out out = new Out(bytes, (Machine) kryo)) {
      out.writeObject(object);
    } catch (NotSerializableException e) {
      throw new Machine.Refused(
          e.getMessage()
              + " in "
              + object.getClass().getName()
              + " is not Serializable: make it so, make the field transient, or pass only the data");
    } catch (IOException e) {
      throw new Machine.Refused(object.getClass().getName() + " could not be written: " + e);
    }
    output.writeVarInt(bytes.size(), true);
    output.writeBytes(bytes.toByteArray());
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    byte[] bytes = input.readBytes(input.readVarInt(true));
    try (In in = new In(new ByteArrayInputStream(bytes), (Machine) kryo, bytes.length)) {
      return in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new Machine.Refused(type.getName() + " could not be read: " + e);
    } catch (NotCopyableException e) {
      throw new Machine.Refused(String.valueOf(e.getMessage()));
    }
  }

  /** Stands for a handle in the stream. */
  private record Token(int index) implements Serializable {}

  private static final class Out extends ObjectOutputStream {
    private final Machine machine;

    Out(OutputStream to, Machine machine) throws IOException {
      super(to);
      this.machine = machine;
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object object) {
      Boundary boundary = machine.boundary();
      if (boundary.isHandle(object)) {
        return new Token(machine.handle(object));
      }
      String refusal = boundary.refusal(object);
      if (refusal != null) {
        throw new Machine.Refused(refusal);
      }
      return object;
    }

    @Override
    protected void annotateClass(Class<?> type) throws IOException {
      writeInt(machine.classes().number(type));
    }

    @Override
    protected void annotateProxyClass(Class<?> type) throws IOException {
      writeInt(machine.classes().number(type));
    }
  }

  /**
   * What may come from another process: classes that {@link ClassNames} lets in, and no more objects,
   * longer arrays or deeper graphs than so many bytes can hold.
   */
  private static ObjectInputFilter filter(long bytes) {
    long[] elements = new long[1];
    return info -> {
      if (info.arrayLength() > 0) {
        elements[0] += info.arrayLength();
      }
      Class<?> type = info.serialClass();
      if (type != null && type != Token.class) {
        ClassNames.checkMayCome(type);
      }
      boolean fits =
          elements[0] <= SLACK + 2 * bytes
              && info.depth() <= MAX_DEPTH
              && info.references() <= bytes;
      return fits ? Status.ALLOWED : Status.REJECTED;
    };
  }

  private static final class In extends ObjectInputStream {
    private final Machine machine;

    In(InputStream from, Machine machine, int bytes) throws IOException {
      super(from);
      this.machine = machine;
      enableResolveObject(true);
      if (machine.isForeign()) {
        setObjectInputFilter(filter(bytes));
      }
    }

    @Override
    protected Object resolveObject(Object object) {
      return object instanceof Token token ? machine.handleAt(token.index()) : object;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws IOException {
      Class<?> type = machine.classes().at(readInt());
      if (machine.isForeign() && !type.getName().equals(description.getName())) {
        throw new InvalidClassException(
            description.getName(), "it is said to be " + type.getName());
      }
      return type;
    }

    @Override
    protected Class<?> resolveProxyClass(String[] interfaces) throws IOException {
      return machine.classes().at(readInt());
    }
  }
}
