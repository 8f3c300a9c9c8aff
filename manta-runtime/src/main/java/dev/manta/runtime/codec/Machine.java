package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.DefaultInstantiatorStrategy;
import com.esotericsoftware.kryo.util.MapReferenceResolver;
import dev.manta.StorageFullException;
import dev.manta.engine.Block;
import dev.manta.engine.Boundary;
import dev.manta.engine.NotCopyableException;
import dev.manta.engine.SharedMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
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
  private final List<Block> blocks = new ArrayList<>();
  private @Nullable Boundary boundary;
  private Object[] decodedHandles = new Object[0];
  private Iterator<Block> decodedBlocks = Collections.emptyIterator();
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
      Block large = output.position() < SharedMemory.LEAST_BYTES ? null : to.keep(written());
      return new KryoCodec.Bytes(
          large == null ? output.toBytes() : null, large, List.copyOf(blocks), handles.toArray(),
          classes.taken(), elements);
    } catch (Throwable e) {
      blocks.forEach(Block::release);
      throw e;
    } finally {
      output.reset();
      handles.clear();
      blocks.clear();
      classes.clear();
      boundary = null;
      reset();
    }
  }

  private MemorySegment written() {
    return MemorySegment.ofArray(output.getBuffer()).asSlice(0, output.position());
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
      if (e.getCause() instanceof StorageFullException full) {
        throw full;
      }
      throw new NotCopyableException(at, "encoding it failed: " + e.getMessage());
    } catch (StackOverflowError e) {
      damaged = true;
      throw tooDeep(at);
    } catch (StorageFullException e) {
      damaged = true;
      throw e;
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

  /**
   * Keeps large bytes beside those that are written, in the order in which they will be read.
   *
   * @param onHeap copies them, where the value stays in this process
   */
  void keep(MemorySegment bytes, Supplier<MemorySegment> onHeap) {
    Block kept = boundary().keep(bytes);
    blocks.add(kept != null ? kept : Block.of(onHeap.get()));
  }

  /** The next of what was kept. Each is read once, so that few bytes don't become many objects. */
  Block nextKept() {
    if (!decodedBlocks.hasNext()) {
      throw new Refused("there are no more large arrays");
    }
    return decodedBlocks.next();
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
    decodedBlocks = encoded.blocks().iterator();
    input.setBuffer(encoded.onHeap());
    try {
      Object value = encoded.elements() ? decodeElements() : readClassAndObject(input);
      if (isForeign && input.position() < input.limit()) {
        throw new Refused(
            (input.limit() - input.position())
                + " bytes are left of it: the process that sent it has another version of one of these"
                + " classes: " + ClassNames.ofProgram(encoded.classes()));
      }
      return value;
    } catch (RuntimeException | Error e) {
      damaged = true;
      throw e;
    } finally {
      input.setBuffer(new byte[0]);
      decodedHandles = new Object[0];
      decodedBlocks = Collections.emptyIterator();
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
    long before = input.enter();
    try {
      @Nullable Object[] values = new Object[input.readVarInt(true)];
      for (int i = 0; i < values.length; i++) {
        values[i] = readClassAndObject(input);
      }
      return values;
    } finally {
      input.leave(before);
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
