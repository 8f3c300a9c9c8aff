package dev.manta.engine.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes one frame. For one thread. */
public final class WireWriter {
  private static final int INITIAL_BYTES = 64;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int size;
  private int depth;
  private int objects;
  private @Nullable List<Undo> undos;

  private record Undo(int at, Runnable undo) {}

  /** An empty frame of a type. */
  public WireWriter(int type) {
    bytes[0] = (byte) type;
    size = 1;
  }

  private int room(int more) {
    int at = size;
    int end = Math.addExact(at, more);
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, (int) Math.min(Integer.MAX_VALUE - 8, 2L * end)));
    }
    size = end;
    return at;
  }

  /** One byte. */
  public WireWriter writeByte(int value) {
    int at = room(1);
    bytes[at] = (byte) value;
    return this;
  }

  /** A number that is not negative, seven bits a byte, the lowest first. */
  public WireWriter writeUnsigned(long value) {
    long left = value;
    while ((left & ~0x7fL) != 0) {
      writeByte((int) (left & 0x7f) | 0x80);
      left >>>= 7;
    }
    return writeByte((int) left);
  }

  /** Any number, as an unsigned one whose lowest bit is the sign. */
  public WireWriter writeSigned(long value) {
    return writeUnsigned((value << 1) ^ (value >> 63));
  }

  /** Eight bytes, big endian. */
  public WireWriter writeLong(long value) {
    int at = room(Long.BYTES);
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[at + i] = (byte) (value >>> (56 - 8 * i));
    }
    return this;
  }

  /** A length and bytes. */
  public WireWriter writeBytes(byte[] value) {
    writeUnsigned(value.length);
    int at = room(value.length);
    System.arraycopy(value, 0, bytes, at, value.length);
    return this;
  }

  /** A length and bytes. */
  public WireWriter writeBytes(MemorySegment value) {
    int length = Math.toIntExact(value.byteSize());
    writeUnsigned(length);
    int at = room(length);
    MemorySegment.copy(value, ValueLayout.JAVA_BYTE, 0, bytes, at, length);
    return this;
  }

  /** A text in UTF-8. */
  public WireWriter writeText(String value) {
    return writeBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** A flag. */
  public WireWriter writeFlag(boolean value) {
    return writeByte(value ? 1 : 0);
  }

  /** As {@link #writeText}, for what {@link WireReader#readName} reads. */
  public WireWriter writeName(String value) {
    byte[] name = value.getBytes(StandardCharsets.UTF_8);
    check(name.length, WireLimits.MAX_NAME_BYTES, "bytes in a name");
    return writeBytes(name);
  }

  /** A number of elements, which may not be more than the reader takes. */
  public WireWriter writeCount(int count, int limit) {
    check(count, limit, "elements");
    return writeUnsigned(count);
  }

  /** A ref or handle begins, whose value may have others; {@link #leave} follows at its end. */
  public void enter() {
    check(++depth, WireLimits.MAX_DEPTH, "levels of refs that are in the values of refs");
    check(++objects, WireLimits.MAX_ELEMENTS, "refs and handles");
  }

  /** A ref or handle has ended. */
  public void leave() {
    depth--;
  }

  private static void check(int count, int limit, String what) {
    if (count > limit) {
      throw new IllegalArgumentException(
          "it has more " + what + " than may go to another process, which is " + limit);
    }
  }

  /** How many bytes are written. */
  public int size() {
    return size;
  }

  /** Has something done if what was written last is taken back. */
  public void ifCut(Runnable undo) {
    if (undos == null) {
      undos = new ArrayList<>();
    }
    undos.add(new Undo(size, undo));
  }

  /** Takes back what was written after there were {@code size} bytes. */
  public void truncate(int size) {
    this.size = size;
    List<Undo> all = undos;
    while (all != null && !all.isEmpty() && all.getLast().at >= size) {
      all.removeLast().undo.run();
    }
    depth = 0;
    objects = 0;
  }

  /** The frame. */
  public byte[] toFrame() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }
}
