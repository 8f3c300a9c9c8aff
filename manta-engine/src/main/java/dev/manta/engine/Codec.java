package dev.manta.engine;

import org.jspecify.annotations.Nullable;

/** Turns values into an encoded form and back into copies of them. Used by any thread. */
public interface Codec {
  /**
   * Encodes a value as it is now.
   *
   * @throws NotCopyableException if a part of it can't be copied
   */
  Encoded encode(@Nullable Object value, Boundary boundary);

  /** A new copy of the encoded value. */
  @Nullable Object decode(Encoded encoded, Boundary boundary);

  /**
   * An encoded value for another process.
   *
   * @throws NotCopyableException if it only makes sense in this one
   */
  default Portable pack(Encoded encoded) {
    throw new UnsupportedOperationException("this codec is for one process");
  }

  /**
   * An encoded value that came from another process. Its classes are looked for when it is decoded:
   * that throws {@link NotCopyableException} if one is missing here or may not come from outside.
   */
  default Encoded unpack(Portable portable) {
    throw new UnsupportedOperationException("this codec is for one process");
  }
}
