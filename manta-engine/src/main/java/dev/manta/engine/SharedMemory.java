package dev.manta.engine;

import java.lang.foreign.MemorySegment;

/**
 * Memory that the processes of a host share, for values that are too large for frames. Given to the
 * engine. Any thread; may block for as long as copying takes.
 */
public interface SharedMemory {
  /** Values of so many bytes and more go there. */
  int LEAST_BYTES = 100 << 10;

  /**
   * Copies bytes there.
   *
   * @return the token by which every process of the host finds them until they are freed here
   * @throws RuntimeException if there is no room; says what to do
   */
  byte[] put(MemorySegment bytes);

  /**
   * The bytes of a token, read-only, while the segment is reachable.
   *
   * @throws RuntimeException if they are gone, or the token is wrong
   */
  MemorySegment view(byte[] token);

  /** Nobody looks at them any more. Of what this process has put. */
  void free(byte[] token);
}
