package dev.manta.engine;

import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
   * @throws dev.manta.StorageFullException if there is no room; says what to do
   */
  byte[] put(MemorySegment bytes);

  /**
   * The bytes of a token, read-only, while the segment, a part or a buffer of it is reachable.
   *
   * @param gone is run when none is any more; must neither block nor throw
   * @throws RuntimeException if they are gone, or the token is wrong
   */
  MemorySegment view(byte[] token, Runnable gone);

  /**
   * Has a function read the bytes of a token, which it does not keep.
   *
   * @throws RuntimeException as {@link #view}
   */
  <T extends @Nullable Object> T read(byte[] token, Function<MemorySegment, T> reader);

  /** Nobody looks at them any more. Of what this process has put. */
  void free(byte[] token);

  /**
   * Nobody looks at them any more but, maybe, a process that is taken for lost and may live: for as long
   * as it does they stay as they are. Of what this process has put.
   */
  void abandon(byte[] token);

  /** Has {@code ask} run, on any thread, when there is little room left; before the first put. */
  default void onPressure(Runnable ask) {}

  /**
   * Another process needs what nobody here can reach any more: has the collector look for it. Returns
   * at once, and may be called at any rate.
   *
   * @param isUrgent whether there is little room left
   */
  default void collect(boolean isUrgent) {}
}
