package dev.manta;

import org.jspecify.annotations.Nullable;

/**
 * There is no room for a large value, neither in the memory that the processes of a host share nor on
 * disk. Thrown to the one who puts it, passes it or returns it (then it is the cause of a {@link
 * TaskFailedException}); all else goes on. The message says how much is used, and what to do.
 */
public final class StorageFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Made by Manta. */
  public StorageFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
