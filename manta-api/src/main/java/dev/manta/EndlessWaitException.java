package dev.manta;

/**
 * A wait that could never have ended was refused: the message names the chain of calls that wait
 * for each other. Thrown at the await point that would have closed the chain.
 */
public final class EndlessWaitException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Made by Manta; public for tests of code that handles it. */
  public EndlessWaitException(String message) {
    super(message);
  }
}
