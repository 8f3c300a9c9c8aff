package dev.manta.engine;

/**
 * Whether it pays to look again and again, for about a microsecond, before a thread gives up waiting:
 * as long as one wait in seventeen was that short lately. To hand a turn over costs as much where
 * another processor takes it up.
 *
 * <p>The waiting side keeps a credit; these functions say what it is worth and how it changes.
 */
final class Spins {
  /** What to begin with. */
  static final int CREDIT = 64;

  private static final int LOOKS = 50;
  private static final int GAIN = 16;

  /** So many waits without a credit, then one more try. */
  private static final int PAUSE = 64;

  private Spins() {}

  /** How often to look. */
  static int looks(int credit) {
    return credit > 0 ? LOOKS : 0;
  }

  /** The credit after a wait. */
  static int next(int credit, boolean paidOff) {
    if (paidOff) {
      return Math.min(Math.max(credit, 0) + GAIN, CREDIT);
    }
    return credit == -PAUSE ? 1 : credit - 1;
  }
}
