package dev.manta.cluster.memory;

import org.jspecify.annotations.Nullable;

/** What was asked of the shared memory of a host could not be done; its kinds say why. */
public sealed class StoreException extends RuntimeException
    permits StoreFullException, InvalidStoredException, LostStoredException {
  private static final long serialVersionUID = 1L;

  StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
