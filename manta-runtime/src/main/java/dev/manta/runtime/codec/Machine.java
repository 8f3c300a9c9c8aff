package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.DefaultInstantiatorStrategy;
import com.esotericsoftware.kryo.util.MapReferenceResolver;
import dev.manta.engine.Boundary;
import dev.manta.engine.NotCopyableException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objenesis.instantiator.ObjectInstantiator;
import org.objenesis.strategy.InstantiatorStrategy;
import org.objenesis.strategy.StdInstantiatorStrategy;

/** One Kryo and its buffers: encodes or decodes one value at a time. Not thread-safe. */
final class Machine extends Kryo {
  private static final int INITIAL_BYTES = 512;
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;
  private static final int KEPT_BYTES = 1 << 20;

  private final ClassTable classes;
  private final Output output = new Output(INITIAL_BYTES, MAX_BYTES);
  private final CheckedInput input = new CheckedInput();
  private final List<Object> handles = new ArrayList<>();
  private @Nullable Boundary boundary;
  private Object[] decodedHandles = new Object[0];
  private boolean foreign;
  private boolean damaged;

  Machine() {
    this(new ClassTable());
  }

  private Machine(ClassTable classes) {
    super(classes, new MapReferenceResolver());
    this.classes = classes;
    setRegistrationRequired(false);
    setReferences(true);
    setOptimizedGenerics(false);
    setInstantiatorStrategy(new Instantiators());
    setDefaultSerializer(new Serializers.Unknown());
  }

  /** Makes the JDK's own with their constructors, all others without. */
  private static final class Instantiators implements InstantiatorStrategy {
    private final InstantiatorStrategy plain = new StdInstantiatorStrategy();
    private final InstantiatorStrategy constructing = new DefaultInstantiatorStrategy(plain);

    @Override
    public <T> ObjectInstantiator<T> newInstantiatorOf(Class<T> type) {
      return Serializers.isOfJdk(type)
          ? constructing.newInstantiatorOf(type)
          : plain.newInstantiatorOf(type);
    }
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Serializer<?> getDefaultSerializer(Class type) {
    return Serializers.choose(this, type, super::getDefaultSerializer);
  }

  boolean isWorthKeeping() {
    return !damaged && output.getBuffer().length <= KEPT_BYTES;
  }

  // ---- encoding

  KryoCodec.Bytes encode(@Nullable Object value, Boundary to) {
    boundary = to;
    try {
      boolean elements = value != null && value.getClass() == Object[].class;
      if (elements) {
        encodeElements((@Nullable Object[]) java.util.Objects.requireNonNull(value));
      } else {
        encode("", value);
      }
      return new KryoCodec.Bytes(
          output.toBytes(), handles.toArray(), classes.taken(), elements);
    } finally {
      output.reset();
      handles.clear();
      classes.clear();
      boundary = null;
      reset();
    }
  }

  /** The elements share one graph: what several refer to is one object in the copies too. */
  private void encodeElements(@Nullable Object[] values) {
    setAutoReset(false);
    try {
      output.writeVarInt(values.length, true);
      for (int i = 0; i < values.length; i++) {
        encode("[" + i + "]", values[i]);
      }
    } finally {
      setAutoReset(true);
    }
  }

  private void encode(String at, @Nullable Object value) {
    try {
      writeClassAndObject(output, value);
    } catch (Refused e) {
      damaged = true;
      throw new NotCopyableException(e.path(at), e.reason());
    } catch (KryoException e) {
      damaged = true;
      if (e.getCause() instanceof StackOverflowError) {
        throw tooDeep(at);
      }
      throw new NotCopyableException(at, "encoding it failed: " + e.getMessage());
    } catch (StackOverflowError e) {
      damaged = true;
      throw tooDeep(at);
    } catch (RuntimeException e) {
      damaged = true;
      throw new NotCopyableException(at, "encoding it failed: " + e);
    }
  }

  private static NotCopyableException tooDeep(String at) {
    return new NotCopyableException(
        at, "it is nested too deeply: use a list or an array in place of long chains of objects");
  }

  /** Notes a handle; its index stands for it in the bytes. */
  int handle(Object handle) {
    handles.add(handle);
    return handles.size() - 1;
  }

  Boundary boundary() {
    return java.util.Objects.requireNonNull(boundary);
  }

  ClassTable classes() {
    return classes;
  }

  // ---- decoding

  /**
   * The value.
   *
   * @param isForeign whether it came from another process
   */
  @Nullable Object decode(KryoCodec.Bytes encoded, Boundary from, boolean isForeign) {
    boundary = from;
    foreign = isForeign;
    classes.give(encoded.classes());
    decodedHandles = encoded.handles();
    input.setBuffer(encoded.bytes());
    try {
      return encoded.elements() ? decodeElements() : readClassAndObject(input);
    } catch (RuntimeException | Error e) {
      damaged = true;
      throw e;
    } finally {
      input.setBuffer(new byte[0]);
      decodedHandles = new Object[0];
      classes.clear();
      boundary = null;
      foreign = false;
      reset();
    }
  }

  /** Whether the value that is decoded came from another process. */
  boolean isForeign() {
    return foreign;
  }

  private @Nullable Object[] decodeElements() {
    setAutoReset(false);
    try {
      @Nullable Object[] values = new Object[input.readVarInt(true)];
      for (int i = 0; i < values.length; i++) {
        values[i] = readClassAndObject(input);
      }
      return values;
    } finally {
      setAutoReset(true);
    }
  }

  /** What the receiver gets for the handle of that index. */
  Object handleAt(int index) {
    if (index < 0 || index >= decodedHandles.length) {
      throw new Refused("there is no handle " + index);
    }
    return boundary().onDecode(decodedHandles[index]);
  }

  /** A part can't be copied; Kryo adds the path to it on the way out. */
  static final class Refused extends KryoException {
    private static final long serialVersionUID = 1L;
    private final String reason;
    private final StringBuilder path = new StringBuilder();

    Refused(String reason) {
      super(reason);
      this.reason = reason;
    }

    @Override
    public void addTrace(String info) {
      int end = info.indexOf(" (");
      String field = end < 0 ? info : info.substring(0, end);
      path.insert(0, "." + field);
    }

    String reason() {
      return reason;
    }

    String path(String at) {
      String fields = path.toString();
      return at.isEmpty() && !fields.isEmpty() ? fields.substring(1) : at + fields;
    }
  }
}
