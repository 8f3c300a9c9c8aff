package dev.manta.engine;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Decides what crosses to another place as itself, and what must not cross. */
public interface Boundary {
  /** Whether an object is a handle (an object ref, an actor ref, the Manta), which is not copied. */
  boolean isHandle(Object object);

  /** Why an object must not cross; null if it may. */
  @Nullable String refusal(Object object);

  /** What the receiver gets for a handle. */
  Object onDecode(Object handle);

  /**
   * Copies large bytes to where every process of the host can read them.
   *
   * @return null if there is no such place, or the value stays in this process
   * @throws dev.manta.StorageFullException if there is no room; says what to do
   */
  default @Nullable Block keep(MemorySegment bytes) {
    return null;
  }
}
