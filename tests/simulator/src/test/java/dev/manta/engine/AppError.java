package dev.manta.engine;

/** What the code of programs throws. */
final class AppError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  final int number;

  AppError(int number) {
    super("thrown by " + number, null, false, false);
    this.number = number;
  }
}
