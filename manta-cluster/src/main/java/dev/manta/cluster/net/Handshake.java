package dev.manta.cluster.net;

import dev.manta.engine.wire.Frames;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a process says first on a connection that it opens: who it is, that it knows the secret, and whose
 * connection this is to go on with.
 *
 * <p>Magic number (4 bytes), secret (32), version (4), number of the process (4): this is the same in all
 * versions of the protocol, so that processes of different versions can tell. Then its id (8), the id of
 * the process it wants to speak to (8), and the number of the connection (4).
 *
 * @param version the protocol that the other process speaks
 * @param number of the other process, not checked
 * @param id of the other process: made up by each, never 0
 * @param receiver the id of whom it wants to speak to; 0 if it does not know that yet
 * @param connection how many connections it has opened to this process, with this one
 */
record Handshake(int version, int number, long id, long receiver, int connection) {
  static final int SECRET_BYTES = 32;

  /** So much of it tells the version. */
  static final int FIRST_BYTES = 4 + SECRET_BYTES + 4 + 4;

  static final int BYTES = FIRST_BYTES + 8 + 8 + 4;

  /** The protocol that this process speaks, from these bytes to the values in its frames. */
  static final int VERSION = Frames.VERSION;

  private static final int MAGIC = 0x4d4e5441;
  private static final int KNOWN_BYTES = 4 + SECRET_BYTES;

  /** The bytes to send. */
  byte[] encode(byte[] secret) {
    return ByteBuffer.allocate(BYTES)
        .putInt(MAGIC)
        .put(secret)
        .putInt(version)
        .putInt(number)
        .putLong(id)
        .putLong(receiver)
        .putInt(connection)
        .array();
  }

  /**
   * What the other process sent; null if it does not know the secret.
   *
   * @param bytes {@link #BYTES} of them, or {@link #FIRST_BYTES} and any others
   */
  static @Nullable Handshake decode(byte[] bytes, byte[] secret) {
    byte[] expected = ByteBuffer.allocate(KNOWN_BYTES).putInt(MAGIC).put(secret).array();
    // isEqual takes as long wherever the difference is
    if (!MessageDigest.isEqual(expected, Arrays.copyOf(bytes, KNOWN_BYTES))) {
      return null;
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes, KNOWN_BYTES, BYTES - KNOWN_BYTES);
    return new Handshake(
        rest.getInt(), rest.getInt(), rest.getLong(), rest.getLong(), rest.getInt());
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
