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
}
