package dev.manta.engine;

/**
 * Makes a stack overflow happen here rather than halfway through a change of the engine's state:
 * the engine's own paths are shallow, and run on the stack of user code that may be nearly full.
 */
final class StackProbe {
  /** Enough for compiled code. */
  private static final int FRAMES = 128;

  /** Enough for the first passes, which are interpreted, and load and link what they use. */
  private static final int COLD_FRAMES = 320;

  /** By so much the first probe of a path looks further than those on its way. */
  private static final int MORE_FRAMES = 80;

  private static final int COLD_PASSES = 10_000;

  /* Counted without care: it only has to come to an end. */
  private static int passes;

  private StackProbe() {}

  /** Throws {@link StackOverflowError} unless there is room for the engine's paths. */
  static void ensureRoom() {
    descend(passes < COLD_PASSES ? COLD_FRAMES : FRAMES, 1, 2, 3, 4);
  }

  /** As {@link #ensureRoom}, where a path begins whose later steps can be taken back. */
  static void ensureRoomWhileCold() {
    if (passes < COLD_PASSES) {
      passes++;
      descend(COLD_FRAMES + MORE_FRAMES, 1, 2, 3, 4);
    }
  }

  private static long descend(int frames, long a, long b, long c, long d) {
    return frames == 0 ? a + b + c + d : descend(frames - 1, b, c, d, a + frames) + a;
  }
}
