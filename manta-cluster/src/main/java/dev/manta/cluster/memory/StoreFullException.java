package dev.manta.cluster.memory;

import org.jspecify.annotations.Nullable;

/**
 * An object found no room, neither in memory nor on disk. Only who wanted to put it is concerned; what
 * is stored stays. The message names the limits, what is used of them and what to do.
 */
public final class StoreFullException extends StoreException {
  private static final long serialVersionUID = 1L;

  StoreFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
