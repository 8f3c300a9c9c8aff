package dev.manta;

import org.jspecify.annotations.Nullable;

/**
 * The code of a call or task ran and threw. The cause is a copy of what it threw, with the stack of
 * the place where it ran; this exception's own stack is the place where the call was written.
 */
public final class TaskFailedException extends MantaException {
  private static final long serialVersionUID = 1L;

  /** Made by Manta; public for tests of code that handles it. */
  public TaskFailedException(String message, @Nullable Throwable cause) {
    super(Reason.APPLICATION, message, cause);
  }
}
