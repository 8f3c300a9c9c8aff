package dev.manta.runtime.codec;

import dev.manta.engine.Block;
import dev.manta.engine.Boundary;
import dev.manta.engine.Codec;
import dev.manta.engine.Encoded;
import dev.manta.engine.NotCopyableException;
import dev.manta.engine.Portable;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Copies values by Kryo. Loads Kryo when the first value comes that needs it; keeps a bounded pool
 * of its single-threaded machines, since the callers may be a million virtual threads.
 */
public final class KryoCodec implements Codec {
  private static final int POOLED = 4 * Runtime.getRuntime().availableProcessors();

  private final ArrayBlockingQueue<Object> machines = new ArrayBlockingQueue<>(POOLED);

  static {
    // Kryo reads this when its classes load; with Unsafe the JVM would print warnings
    System.setProperty("kryo.unsafe", "false");
  }

  private final ClassLoader loader;

  /** A codec of its own pool. */
  public KryoCodec() {
    this(KryoCodec.class.getClassLoader());
  }

  /**
   * A codec of its own pool.
   *
   * @param loader where the classes of values from other processes are found
   */
  public KryoCodec(ClassLoader loader) {
    this.loader = loader;
  }

  @Override
  public Encoded encode(@Nullable Object value, Boundary boundary) {
    if (value != null && isPrimitiveArray(value)) {
      Block kept = PrimitiveArrays.keep(value, boundary);
      return kept == null
          ? new ArrayCopy(copy(value))
          : new ArrayBlock(PrimitiveArrays.kind(value), kept);
    }
    Machine machine = take();
    try {
      return machine.encode(value, boundary);
    } finally {
      give(machine);
    }
  }

  @Override
  public @Nullable Object decode(Encoded encoded, Boundary boundary) {
    if (encoded instanceof Foreign foreign) {
      return decodeForeign(foreign, boundary);
    }
    return decodeOwn(encoded, boundary, false);
  }

  private @Nullable Object decodeOwn(
      Encoded own, Boundary boundary, boolean isForeign) {
    if (own instanceof ArrayCopy array) {
      return copy(array.array);
    }
    if (own instanceof ArrayBlock array) {
      return array.block.<Object>read(bytes -> PrimitiveArrays.of(array.kind, bytes));
    }
    Machine machine = take();
    try {
      return machine.decode((Bytes) own, boundary, isForeign);
    } finally {
      give(machine);
    }
  }

  /** Whatever is wrong with the bytes of another process, one kind of error tells of it. */
  private @Nullable Object decodeForeign(Foreign foreign, Boundary boundary) {
    try {
      return decodeOwn(foreign.own(), boundary, true);
    } catch (NotCopyableException e) {
      throw e;
    } catch (Machine.Refused e) {
      throw new NotCopyableException(e.path(""), e.reason());
    } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
      NotCopyableException typed =
          new NotCopyableException("", "what came from another process can't be decoded: " + e);
      typed.initCause(e);
      throw typed;
    }
  }

  // ---- for other processes

  private static final int GRAPH = 0;
  private static final int ELEMENTS = 1;

  /** Arrays have the forms from here on, in the order of {@link PrimitiveArrays}. */
  private static final int FIRST_ARRAY = 2;

  @Override
  public Portable pack(Encoded encoded) {
    return switch (encoded) {
      case ArrayCopy a -> new Portable(
          FIRST_ARRAY + PrimitiveArrays.kind(a.array), Block.of(PrimitiveArrays.segment(a.array)),
          List.of(), List.of(), List.of());
      case ArrayBlock a -> new Portable(
          FIRST_ARRAY + a.kind, a.block, List.of(), List.of(), List.of());
      case Bytes b -> new Portable(
          b.elements ? ELEMENTS : GRAPH, b.asBlock(), b.blocks, List.of(b.handles),
          ClassNames.of(b.classes));
      case Foreign f -> f.packed(this);
      default -> throw new AssertionError(encoded);
    };
  }

  @Override
  public Encoded unpack(Portable portable) {
    return new Foreign(portable, loader);
  }

  /** A value that came from another process; its classes are looked for when it is decoded. */
  private static final class Foreign implements Encoded {
    private final long size;
    private final ClassLoader loader;

    /* One of them: what came, until it is first needed; and that in this process's own form. */
    private @Nullable Portable portable;
    private @Nullable Encoded own;

    Foreign(Portable portable, ClassLoader loader) {
      this.portable = portable;
      this.size = sizeOf(portable.bytes(), portable.blocks());
      this.loader = loader;
    }

    @Override
    public long size() {
      return size;
    }

    synchronized Encoded own() {
      Encoded e = own;
      if (e == null) {
        e = convert(java.util.Objects.requireNonNull(portable));
        own = e;
        portable = null;
      }
      return e;
    }

    private Encoded convert(Portable from) {
      int form = from.form();
      return form >= FIRST_ARRAY
          ? new ArrayBlock(form - FIRST_ARRAY, from.bytes())
          : new Bytes(
              null, from.bytes(), from.blocks(), from.handles().toArray(),
              ClassNames.find(from.classes(), loader), form == ELEMENTS);
    }

    @Override
    public synchronized void release() {
      if (own != null) {
        own.release();
      } else if (portable != null) {
        portable.bytes().release();
        portable.blocks().forEach(Block::release);
      }
    }

    synchronized Portable packed(KryoCodec codec) {
      Portable p = portable;
      return p != null ? p : codec.pack(java.util.Objects.requireNonNull(own));
    }
  }

  private Machine take() {
    return machines.poll() instanceof Machine pooled ? pooled : new Machine();
  }

  private void give(Machine machine) {
    if (machine.isWorthKeeping()) {
      boolean _ = machines.offer(machine);
    }
  }

  private static boolean isPrimitiveArray(Object value) {
    Class<?> component = value.getClass().getComponentType();
    return component != null && component.isPrimitive();
  }

  @SuppressWarnings("SuspiciousSystemArraycopy") // both are the same kind of array
  static Object copy(Object array) {
    int length = Array.getLength(array);
    Object copy = Array.newInstance(array.getClass().getComponentType(), length);
    System.arraycopy(array, 0, copy, 0, length);
    return copy;
  }

  /** A primitive array, encoded as a copy of itself. */
  private record ArrayCopy(Object array) implements Encoded {
    @Override
    public long size() {
      return PrimitiveArrays.size(array);
    }
  }

  /** A primitive array as bytes that are kept somewhere else. */
  private record ArrayBlock(int kind, Block block) implements Encoded {
    @Override
    public long size() {
      return block.size();
    }

    @Override
    public void release() {
      block.release();
    }
  }

  private static long sizeOf(Block bytes, List<Block> blocks) {
    long size = bytes.size();
    for (Block block : blocks) {
      size += block.size();
    }
    return size;
  }

  /**
   * Kryo's bytes, and what stays out of them: large arrays and memory, handles, and classes, which are
   * themselves whatever loader they have.
   *
   * @param bytes null where they are in {@code block}
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Bytes(
      byte @Nullable [] bytes, @Nullable Block block, List<Block> blocks, Object[] handles,
      Class<?>[] classes, boolean elements)
      implements Encoded {
    @Override
    public long size() {
      return bytes != null && blocks.isEmpty() ? bytes.length : sizeOf(asBlock(), blocks);
    }

    Block asBlock() {
      return block != null
          ? block
          : Block.of(MemorySegment.ofArray(java.util.Objects.requireNonNull(bytes)));
    }

    /** The bytes for Kryo, which does not change them. */
    byte[] onHeap() {
      return bytes != null
          ? bytes
          : java.util.Objects.requireNonNull(block).read(PrimitiveArrays::bytes);
    }

    @Override
    public void release() {
      if (block != null) {
        block.release();
      }
      blocks.forEach(Block::release);
    }
  }
}
