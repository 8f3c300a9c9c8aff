package dev.manta;

/**
 * A wait ended because its thread was interrupted; the thread's interrupt flag is set again. It
 * says nothing about the call, which goes on.
 */
public final class GetInterruptedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Made by Manta; public for tests of code that handles it. */
  public GetInterruptedException(String message) {
    super(message);
  }
}
