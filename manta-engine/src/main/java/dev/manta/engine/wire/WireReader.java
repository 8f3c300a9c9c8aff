package dev.manta.engine.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads one frame. Every length is checked against what is there before memory is taken. For one
 * thread.
 */
public final class WireReader {
  private final ByteBuffer from;
  private int depth;
  private int objects;

  /** A reader of what remains in {@code from}. */
  public WireReader(ByteBuffer from) {
    this.from = from;
  }

  /** One byte, as a number from 0 to 255. */
  public int readByte() {
    try {
      return from.get() & 0xff;
    } catch (BufferUnderflowException e) {
      throw tooShort();
    }
  }

  private static WireException tooShort() {
    return new WireException("a frame ends too early");
  }

  /** As {@link WireWriter#writeUnsigned}. */
  public long readUnsigned() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = readByte();
      if (shift == 63 && b > 1) {
        break;
      }
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw new WireException("a number has more than 64 bits");
  }

  /** As {@link WireWriter#writeSigned}. */
  public long readSigned() {
    long value = readUnsigned();
    return (value >>> 1) ^ -(value & 1);
  }

  /** As {@link WireWriter#writeLong}. */
  public long readLong() {
    if (from.remaining() < Long.BYTES) {
      throw tooShort();
    }
    return from.getLong();
  }

  /** An unsigned number up to a limit. */
  public int readInt(int limit) {
    return (int) readUnsigned(limit);
  }

  /** An unsigned number up to a limit. */
  public long readUnsigned(long limit) {
    long value = readUnsigned();
    if (value < 0 || value > limit) {
      throw new WireException(
          "a number is " + Long.toUnsignedString(value) + ", and may be " + limit);
    }
    return value;
  }

  /** A signed number between two limits. */
  public long readSigned(long least, long most) {
    long value = readSigned();
    if (value < least || value > most) {
      throw new WireException("a number is " + value + ", not from " + least + " to " + most);
    }
    return value;
  }

  /** The number of elements that follow, each of which has at least one byte. */
  public int readCount() {
    return readCount(WireLimits.MAX_ELEMENTS);
  }

  /** The number of elements that follow, each of which has at least one byte; up to a limit. */
  public int readCount(int limit) {
    int count = readInt(limit);
    if (count > from.remaining()) {
      throw tooShort();
    }
    return count;
  }

  /** As {@link WireWriter#writeBytes}. */
  public byte[] readBytes() {
    byte[] value = new byte[readCount(Integer.MAX_VALUE)];
    from.get(value);
    return value;
  }

  /** As {@link WireWriter#writeText}. */
  public String readText() {
    return new String(readBytes(), StandardCharsets.UTF_8);
  }

  /** The name of a class, a method or the like, which is short. */
  public String readName() {
    byte[] value = new byte[readCount(WireLimits.MAX_NAME_BYTES)];
    from.get(value);
    return new String(value, StandardCharsets.UTF_8);
  }

  /** A ref or handle begins, whose value may have others; {@link #leave} follows at its end. */
  public void enter() {
    if (++depth > WireLimits.MAX_DEPTH) {
      throw new WireException("refs are nested more than " + WireLimits.MAX_DEPTH + " deep");
    }
    if (++objects > WireLimits.MAX_ELEMENTS) {
      throw new WireException(
          "there are more than " + WireLimits.MAX_ELEMENTS + " refs and handles");
    }
  }

  /** A ref or handle has ended. */
  public void leave() {
    depth--;
  }

  /** How many bytes are left. */
  public int remaining() {
    return from.remaining();
  }

  /** A flag. */
  public boolean readFlag() {
    int b = readByte();
    if (b > 1) {
      throw new WireException("a flag is " + b);
    }
    return b == 1;
  }

  /** All of the frame must have been read. */
  public void end() {
    if (from.hasRemaining()) {
      throw new WireException("a frame has " + from.remaining() + " bytes too many");
    }
  }
}
