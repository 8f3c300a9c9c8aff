package dev.manta.cluster.memory;

/** A descriptor that no store can have made: it is damaged, or somebody made it up. */
public final class InvalidStoredException extends StoreException {
  private static final long serialVersionUID = 1L;

  InvalidStoredException(String message) {
    super(message, null);
  }
}
