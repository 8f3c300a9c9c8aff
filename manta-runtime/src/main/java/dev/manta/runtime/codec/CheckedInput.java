package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;

/**
 * Reads the bytes of one value. Lengths, and numbers of classes and objects, are at most the bytes of
 * the whole, so that wrong ones take no memory; so are all lengths together of what is one in the
 * other. Numbers that are data come by {@code readInt} and
 * {@code readLong}.
 */
final class CheckedInput extends Input {
  /** While it is set, all numbers are data. */
  private boolean unchecked;

  /** The next number counts the elements of what is read. */
  private boolean counting;

  /** The elements of all that is being read, one in the other. */
  private long elements;

  void setUnchecked(boolean unchecked) {
    this.unchecked = unchecked;
  }

  /** Something begins whose first number counts its elements; {@link #leave} follows at its end. */
  long enter() {
    counting = true;
    return elements;
  }

  /**
   * It has ended.
   *
   * @param before what {@link #enter} returned
   */
  void leave(long before) {
    counting = false;
    elements = before;
  }

  /** Numbers of classes and objects begin after those that Kryo has itself. */
  private static final int KRYOS_OWN = 64;

  @Override
  public int readVarInt(boolean optimizePositive) {
    int value = super.readVarInt(optimizePositive);
    if (optimizePositive) {
      check(value);
    }
    return value;
  }

  @Override
  public int readVarIntFlag(boolean optimizePositive) {
    int value = super.readVarIntFlag(optimizePositive);
    if (optimizePositive) {
      check(value);
    }
    return value;
  }

  @Override
  public int readInt(boolean optimizePositive) {
    return super.readVarInt(optimizePositive);
  }

  private void check(int value) {
    if (unchecked) {
      return;
    }
    if (value < 0 || value > limit + KRYOS_OWN) {
      throw new KryoException("a length is " + value + ", of " + limit + " bytes");
    }
    if (counting) {
      counting = false;
      elements += value;
      if (elements > limit + KRYOS_OWN) { // each has a byte of its own
        throw new KryoException("there are " + elements + " elements in " + limit + " bytes");
      }
    }
  }

  @Override
  public byte[] readBytes(int length) {
    checkRoom(length, 1);
    return super.readBytes(length);
  }

  private void checkRoom(int length, int atLeast) {
    if (length < 0 || (long) length * atLeast > limit - position) {
      throw new KryoException("a length is " + length + ", where bytes end");
    }
  }

  @Override
  public int[] readInts(int length, boolean optimizePositive) {
    checkRoom(length, 1);
    return super.readInts(length, optimizePositive);
  }

  @Override
  public int[] readInts(int length) {
    checkRoom(length, 4);
    return super.readInts(length);
  }

  @Override
  public long[] readLongs(int length, boolean optimizePositive) {
    checkRoom(length, 1);
    return super.readLongs(length, optimizePositive);
  }

  @Override
  public long[] readLongs(int length) {
    checkRoom(length, 8);
    return super.readLongs(length);
  }

  @Override
  public float[] readFloats(int length) {
    checkRoom(length, 4);
    return super.readFloats(length);
  }

  @Override
  public double[] readDoubles(int length) {
    checkRoom(length, 8);
    return super.readDoubles(length);
  }

  @Override
  public short[] readShorts(int length) {
    checkRoom(length, 2);
    return super.readShorts(length);
  }

  @Override
  public char[] readChars(int length) {
    checkRoom(length, 2);
    return super.readChars(length);
  }

  @Override
  public boolean[] readBooleans(int length) {
    checkRoom(length, 1);
    return super.readBooleans(length);
  }
}
