package dev.manta.cluster.memory;

import java.nio.ByteBuffer;

/**
 * Where a stored object is: what one process sends to another in place of the bytes. It has no path,
 * only numbers that the name of a file is made of, so that no descriptor leads out of the store's
 * folders.
 *
 * @param owner number of the process that stored it, which alone frees it
 * @param file number of the file among its owner's
 * @param generation tells the objects apart that were in this file one after another
 * @param length of the object in bytes
 * @param spilled whether it is on disk
 */
public record Stored(int owner, long file, long generation, long length, boolean spilled) {
  /** Bytes of a descriptor in a message. */
  public static final int BYTES = 1 + Integer.BYTES + 3 * Long.BYTES;

  /** More than any machine has; small enough to be added to. */
  static final long MAX_LENGTH = 1L << 46;

  /**
   * Checks the numbers.
   *
   * @throws InvalidStoredException if one is negative, or the length beyond any machine's memory
   */
  public Stored {
    if (owner < 0 || file < 0 || generation <= 0 || length < 0 || length > MAX_LENGTH) {
      throw new InvalidStoredException("No object is stored as owner " + owner + ", file " + file
          + ", generation " + generation + ", length " + length);
    }
  }

  /** Writes {@link #BYTES} bytes, whatever the buffer's byte order is. */
  public void writeTo(ByteBuffer target) {
    if (target.remaining() < BYTES) {
      throw new IllegalArgumentException("A descriptor needs " + BYTES + " bytes, the buffer has "
          + target.remaining());
    }
    target.put((byte) (spilled ? 1 : 0));
    for (int shift = 24; shift >= 0; shift -= 8) {
      target.put((byte) (owner >>> shift));
    }
    putLong(target, file);
    putLong(target, generation);
    putLong(target, length);
  }

  /**
   * Reads what {@link #writeTo} wrote. Bytes of any origin may be read; whether the object exists
   * shows when it is mapped.
   *
   * @throws InvalidStoredException if no store can have written it
   */
  public static Stored readFrom(ByteBuffer source) {
    if (source.remaining() < BYTES) {
      throw new InvalidStoredException("A descriptor has " + BYTES + " bytes; there are "
          + source.remaining());
    }
    int kind = source.get();
    if (kind != 0 && kind != 1) {
      throw new InvalidStoredException("Unknown kind of descriptor: " + kind);
    }
    int owner = (int) getBytes(source, Integer.BYTES);
    long file = getBytes(source, Long.BYTES);
    long generation = getBytes(source, Long.BYTES);
    return new Stored(owner, file, generation, getBytes(source, Long.BYTES), kind == 1);
  }

  private static void putLong(ByteBuffer target, long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      target.put((byte) (value >>> shift));
    }
  }

  private static long getBytes(ByteBuffer source, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | (source.get() & 0xff);
    }
    return value;
  }
}
