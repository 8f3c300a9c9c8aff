package dev.manta.engine;

import org.jspecify.annotations.Nullable;

/** Decides what crosses to another place as itself, and what must not cross. */
public interface Boundary {
  /** Whether an object is a handle (an object ref, an actor ref, the Manta), which is not copied. */
  boolean isHandle(Object object);

  /** Why an object must not cross; null if it may. */
  @Nullable String refusal(Object object);

  /** What the receiver gets for a handle. */
  Object onDecode(Object handle);
}
