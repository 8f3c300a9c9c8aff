package dev.manta.cluster.net;

import dev.manta.engine.wire.Frames;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a process says first on a connection that it opens: who it is, and that it knows the secret.
 *
 * <p>Magic number (4 bytes), secret (32), version (4), number of the process (4). This layout is the
 * same in all versions of the protocol, so that processes of different versions can tell.
 *
 * @param version the protocol that the other process speaks
 * @param number of the other process, not checked
 */
record Handshake(int version, int number) {
  static final int SECRET_BYTES = 32;

  static final int BYTES = 4 + SECRET_BYTES + 4 + 4;

  /** The protocol that this process speaks, from these bytes to the values in its frames. */
  static final int VERSION = Frames.VERSION;

  private static final int MAGIC = 0x4d4e5441;
  private static final int KNOWN_BYTES = 4 + SECRET_BYTES;

  /** The bytes to send. */
  static byte[] encode(byte[] secret, int version, int number) {
    return ByteBuffer.allocate(BYTES)
        .putInt(MAGIC)
        .put(secret)
        .putInt(version)
        .putInt(number)
        .array();
  }

  /**
   * What the other process sent; null if it does not know the secret.
   *
   * @param bytes {@link #BYTES} of them
   */
  static @Nullable Handshake decode(byte[] bytes, byte[] secret) {
    byte[] expected = ByteBuffer.allocate(KNOWN_BYTES).putInt(MAGIC).put(secret).array();
    // isEqual takes as long wherever the difference is
    if (!MessageDigest.isEqual(expected, Arrays.copyOf(bytes, KNOWN_BYTES))) {
      return null;
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes, KNOWN_BYTES, BYTES - KNOWN_BYTES);
    return new Handshake(rest.getInt(), rest.getInt());
  }

  /** Why processes of two versions don't talk, in words that fit after "worker 3 ". */
  static String mismatch(int version) {
    return "speaks version "
        + version
        + " of Manta's protocol, and this process version "
        + VERSION
        + ": use the same version of Manta everywhere";
  }
}
