package dev.manta.engine;

import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.engine.wire.WireException;
import dev.manta.engine.wire.WireLimits;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values in frames: a byte that says what follows, and that. What is read is as a ref holds it:
 * shared, or a {@link Copied}, or a handle of this process.
 */
final class WireValues {
  private static final int NULL = 0;
  private static final int TRUE = 1;
  private static final int FALSE = 2;
  private static final int BYTE = 3;
  private static final int SHORT = 4;
  private static final int CHAR = 5;
  private static final int INT = 6;
  private static final int LONG = 7;
  private static final int FLOAT = 8;
  private static final int DOUBLE = 9;
  private static final int TEXT = 10;
  private static final int ENCODED = 11;
  private static final int REF = 12;
  private static final int ACTOR = 13;
  private static final int MANTA = 14;
  private static final int FAILURE = 15;
  private static final int LENT = 16;
  private static final int BLOCKS = 17;
  static final int MAX_FORM = 64;

  private WireValues() {}

  /** Whether a value is written without the codec. */
  static boolean isPlain(@Nullable Object v) {
    return switch (v) {
      case null -> true;
      case Integer _,Long _,String _,Boolean _,Double _,Byte _,Short _,Character _,Float _ -> true;
      case StageRef<?> _,ActorRef<?> _,Manta _ -> true;
      default -> false;
    };
  }

  // ---- writing

  /** A value as a ref holds it, or a handle. */
  static void write(Peer to, WireWriter out, @Nullable Object value) {
    switch (value) {
      case null -> out.writeByte(NULL);
      case Integer v -> out.writeByte(INT).writeSigned(v);
      case Long v -> out.writeByte(LONG).writeSigned(v);
      case String v -> out.writeByte(TEXT).writeText(v);
      case Boolean v -> out.writeByte(v ? TRUE : FALSE);
      case Double v -> out.writeByte(DOUBLE).writeLong(Double.doubleToRawLongBits(v));
      case Byte v -> out.writeByte(BYTE).writeByte(v);
      case Short v -> out.writeByte(SHORT).writeSigned(v);
      case Character v -> out.writeByte(CHAR).writeUnsigned(v);
      case Float v -> out.writeByte(FLOAT).writeUnsigned(Float.floatToRawIntBits(v) & 0xffffffffL);
      case StageRef<?> ref -> writeRef(to, out, ref.origin());
      case ActorRef<?> actor -> {
        out.writeByte(ACTOR).enter();
        WireHandles.write(to, out, actor);
        out.leave();
      }
      case Manta _ -> out.writeByte(MANTA);
      case Copied copied -> write(to, out, copied.encoded());
      case Encoded encoded -> write(to, out, encoded);
      default -> write(to, out, to.engine.copies.encodeForAll(value));
    }
  }

  /** A value as {@link #write} takes it, that no code of the user's has to be run for any more. */
  static Object encoded(Peer to, Object value) {
    return isPlain(value) || value instanceof Copied
        ? value
        : to.engine.copies.encodeForAll(value);
  }

  static void write(Peer to, WireWriter out, Encoded encoded) {
    Portable portable = to.engine.copies.pack(encoded);
    List<Block> blocks = portable.blocks();
    Lending.Lent lent = lend(to, out, portable.bytes());
    if (blocks.isEmpty()) {
      out.writeByte(lent == null ? ENCODED : LENT).writeUnsigned(portable.form());
      writeBlock(out, portable.bytes(), lent);
    } else {
      out.writeByte(BLOCKS).writeUnsigned(portable.form()).writeFlag(lent != null);
      writeBlock(out, portable.bytes(), lent);
      out.writeCount(blocks.size(), WireLimits.MAX_ELEMENTS);
      for (Block block : blocks) {
        Lending.Lent its = lend(to, out, block);
        out.writeFlag(its != null);
        writeBlock(out, block, its);
      }
    }
    out.writeCount(portable.handles().size(), WireLimits.MAX_ELEMENTS);
    for (Object handle : portable.handles()) {
      write(to, out, handle);
    }
    writeClasses(out, portable.classes());
  }

  /** Null where bytes travel in the frame. */
  private static Lending.@Nullable Lent lend(Peer to, WireWriter out, Block block) {
    Lending lending = to.peers.lending();
    if (lending == null || block.size() < SharedMemory.LEAST_BYTES) {
      return null;
    }
    Lending.Lent lent = lending.lend(block, to);
    out.ifCut(() -> lending.returned(to, lent.number));
    return lent;
  }

  private static void writeBlock(WireWriter out, Block block, Lending.@Nullable Lent lent) {
    if (lent == null) {
      block.read(out::writeBytes);
    } else {
      out.writeUnsigned(lent.number).writeBytes(lent.token);
    }
  }

  /** The names of the classes that an encoded value has. */
  static void writeClasses(WireWriter out, List<String> names) {
    out.writeCount(names.size(), WireLimits.MAX_CLASSES);
    names.forEach(out::writeName);
  }

  static List<String> readClasses(WireReader in) {
    int count = in.readCount(WireLimits.MAX_CLASSES);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(in.readName());
    }
    return names;
  }

  private static void writeRef(Peer to, WireWriter out, Ref<?> ref) {
    boolean isDone = ref.isDone();
    out.writeByte(REF).writeFlag(isDone).enter();
    if (isDone) {
      writeOutcome(to, out, ref);
    } else {
      long number = to.exports.add(ref);
      out.ifCut(() -> to.exports.remove(number));
      out.writeUnsigned(number);
    }
    out.leave();
  }

  /** What a complete ref holds. */
  static void writeOutcome(Peer to, WireWriter out, Ref<?> ref) {
    Throwable error = ref.error();
    if (error == null) {
      write(to, out, ref.sent());
    } else {
      out.writeByte(FAILURE);
      WireErrors.write(to, out, error);
    }
  }

  static void write(Peer to, WireWriter out, Parcel parcel) {
    out.writeUnsigned(to.codes.number(parcel.code()));
    Encoded encoded = parcel.encoded();
    out.writeFlag(encoded != null);
    if (encoded != null) {
      write(to, out, encoded);
      return;
    }
    @Nullable Object[] values = java.util.Objects.requireNonNull(parcel.values());
    out.writeCount(values.length, WireLimits.MAX_CAPTURED);
    for (Object v : values) {
      write(to, out, v);
    }
  }

  // ---- reading

  /** A value as a ref holds it, or a handle. */
  static @Nullable Object read(Peer from, WireReader in) {
    return read(from, in, in.readByte());
  }

  private static @Nullable Object read(Peer from, WireReader in, int tag) {
    return switch (tag) {
      case NULL -> null;
      case TRUE -> true;
      case FALSE -> false;
      case BYTE -> (byte) in.readByte();
      case SHORT -> (short) in.readSigned(Short.MIN_VALUE, Short.MAX_VALUE);
      case CHAR -> (char) in.readInt(Character.MAX_VALUE);
      case INT -> (int) in.readSigned(Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> in.readSigned();
      case FLOAT -> Float.intBitsToFloat((int) in.readUnsigned(0xffffffffL));
      case DOUBLE -> Double.longBitsToDouble(in.readLong());
      case TEXT -> in.readText();
      case ENCODED, LENT, BLOCKS -> new Copied(readEncoded(from, in, tag));
      case REF, ACTOR -> {
        in.enter();
        Object handle = tag == REF ? readRef(from, in) : WireHandles.read(from, in);
        in.leave();
        yield handle;
      }
      case MANTA -> from.engine;
      default -> throw new WireException("there is no kind of value " + tag);
    };
  }

  private static Encoded readEncoded(Peer from, WireReader in, int tag) {
    int form = in.readInt(MAX_FORM);
    boolean hasBlocks = tag == BLOCKS;
    Object bytes = readBlock(from, in, hasBlocks ? in.readFlag() : tag == LENT);
    RuntimeException gone = bytes instanceof RuntimeException e ? e : null;
    List<Block> blocks = new ArrayList<>();
    for (int i = hasBlocks ? in.readCount() : 0; i > 0; i--) {
      switch (readBlock(from, in, in.readFlag())) {
        case Block block -> blocks.add(block);
        case Object e -> gone = (RuntimeException) e;
      }
    }
    int handles = in.readCount();
    List<Object> read = new ArrayList<>();
    for (int i = 0; i < handles; i++) {
      Object handle = read(from, in);
      if (handle == null || !from.engine.copies.isHandle(handle)) {
        throw new WireException("a handle is none");
      }
      read.add(handle);
    }
    List<String> names = readClasses(in);
    return gone != null
        ? new Lending.Gone(gone)
        : from.engine.copies.unpack(new Portable(form, (Block) bytes, blocks, read, names));
  }

  /** A block; or, in its place, why it is gone: told to whoever looks at the value. */
  private static Object readBlock(Peer from, WireReader in, boolean isLent) {
    if (!isLent) {
      return Block.of(MemorySegment.ofArray(in.readBytes()));
    }
    long number = in.readUnsigned();
    byte[] token = in.readBytes();
    Lending lending = from.peers.lending();
    try {
      return lending == null
          ? new IllegalStateException("there is no shared memory")
          : lending.borrow(from, number, token);
    } catch (RuntimeException e) {
      return e;
    }
  }

  private static Ref<?> readRef(Peer from, WireReader in) {
    if (!in.readFlag()) {
      return from.borrows.take(in.readUnsigned());
    }
    Ref<Object> ref = new Ref<>(from.engine);
    readOutcome(from, in, ref);
    return ref;
  }

  /** Completes a ref as was written by {@link #writeOutcome}. */
  static void readOutcome(Peer from, WireReader in, Ref<?> to) {
    int tag = in.readByte();
    if (tag == FAILURE) {
      to.fail(WireErrors.read(from, in));
    } else {
      to.complete(read(from, in, tag));
    }
  }

  /** What {@link #writeOutcome} wrote: the value, or a {@link Ref.Failure}. */
  static @Nullable Object readOutcome(Peer from, WireReader in) {
    int tag = in.readByte();
    return tag == FAILURE ? new Ref.Failure(WireErrors.read(from, in)) : read(from, in, tag);
  }

  static Parcel readParcel(Peer from, WireReader in) {
    return readParcel(from, in, null);
  }

  static Parcel readParcel(Peer from, WireReader in, @Nullable Inbound inbound) {
    FunctionCode code = from.codes.at(in.readInt(Integer.MAX_VALUE));
    if (in.readFlag()) {
      int tag = in.readByte();
      if (tag != ENCODED && tag != LENT && tag != BLOCKS) {
        throw new WireException("captured values are not encoded");
      }
      return new Parcel(code, null, readEncoded(from, in, tag), List.of(), inbound);
    }
    @Nullable Object[] values = new Object[in.readCount(WireLimits.MAX_CAPTURED)];
    for (int i = 0; i < values.length; i++) {
      Object v = read(from, in);
      values[i] = v;
      if (!isPlain(v)) {
        throw new WireException("a captured value is encoded by itself");
      }
    }
    return new Parcel(code, values, null, List.of(), inbound);
  }
}
