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
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw new WireException("a number has more than ten bytes");
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
    long value = readUnsigned();
    if (value < 0 || value > limit) {
      throw new WireException("a number is " + value + ", and may be " + limit);
    }
    return (int) value;
  }

  /** The number of elements that follow, each of which has at least one byte. */
  public int readCount() {
    return readInt(from.remaining());
  }

  /** As {@link WireWriter#writeBytes}. */
  public byte[] readBytes() {
    byte[] value = new byte[readCount()];
    from.get(value);
    return value;
  }

  /** As {@link WireWriter#writeText}. */
  public String readText() {
    return new String(readBytes(), StandardCharsets.UTF_8);
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
