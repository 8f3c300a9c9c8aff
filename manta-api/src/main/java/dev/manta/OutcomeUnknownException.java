package dev.manta;

import org.jspecify.annotations.Nullable;

/**
 * A call or task that had started and whose end is not known: it may have run, wholly or in part.
 */
public final class OutcomeUnknownException extends MantaException {
  private static final long serialVersionUID = 1L;

  /** Made by Manta; public for tests of code that handles it. */
  public OutcomeUnknownException(Reason reason, String message, @Nullable Throwable cause) {
    super(reason, message, cause);
  }
}
