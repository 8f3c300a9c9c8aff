package dev.manta.cluster.memory;

import org.jspecify.annotations.Nullable;

/** The object of a descriptor is no longer stored: it was freed, or its owner has ended. */
public final class LostStoredException extends StoreException {
  private static final long serialVersionUID = 1L;

  LostStoredException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
