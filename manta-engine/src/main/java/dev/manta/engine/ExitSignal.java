package dev.manta.engine;

/** Thrown by {@code Manta.exit()}. */
final class ExitSignal extends Error {
  private static final long serialVersionUID = 1L;

  ExitSignal() {
    super("Manta.exit()", null, false, false);
  }
}
