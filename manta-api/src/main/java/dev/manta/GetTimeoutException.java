package dev.manta;

/**
 * A wait ended because its time was up. It says nothing about the call, which goes on: the ref may
 * be asked again.
 */
public final class GetTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Made by Manta; public for tests of code that handles it. */
  public GetTimeoutException(String message) {
    super(message);
  }
}
