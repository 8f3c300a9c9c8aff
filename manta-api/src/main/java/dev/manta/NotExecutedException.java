package dev.manta;

import org.jspecify.annotations.Nullable;

/**
 * A call or task that never started: running it again is safe.
 */
public final class NotExecutedException extends MantaException {
  private static final long serialVersionUID = 1L;

  /** Made by Manta; public for tests of code that handles it. */
  public NotExecutedException(Reason reason, String message, @Nullable Throwable cause) {
    super(reason, message, cause);
  }
}
