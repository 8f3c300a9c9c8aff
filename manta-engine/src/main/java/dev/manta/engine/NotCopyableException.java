package dev.manta.engine;

/** A value has a part that can't be copied. The message names the class and says what to do. */
public final class NotCopyableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String path;

  /**
   * Names the part.
   *
   * @param path from the encoded value to the part, such as {@code request.socket} or {@code
   *     [1].handler}; empty for the value itself
   */
  public NotCopyableException(String path, String message) {
    super(message);
    this.path = path;
  }

  /** From the encoded value to the part; an index in brackets for an element of an array. */
  public String path() {
    return path;
  }
}
