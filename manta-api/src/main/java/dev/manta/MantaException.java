package dev.manta;

import org.jspecify.annotations.Nullable;

/**
 * How a call or task failed. Its three kinds say whether the work ran: {@link TaskFailedException}
 * (it did, and threw), {@link NotExecutedException} (it never started: safe to retry), {@link
 * OutcomeUnknownException} (it may have run).
 */
public abstract sealed class MantaException extends RuntimeException
    permits TaskFailedException, NotExecutedException, OutcomeUnknownException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  MantaException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why it failed. */
  public final Reason reason() {
    return reason;
  }
}
