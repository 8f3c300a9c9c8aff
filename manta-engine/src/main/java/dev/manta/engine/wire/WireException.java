package dev.manta.engine.wire;

/** Bytes that are no frame of this protocol: whoever sent them is not spoken to any more. */
public final class WireException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what is wrong. */
  public WireException(String message) {
    super(message);
  }
}
