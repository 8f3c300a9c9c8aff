package dev.manta.engine;

/**
 * Makes a stack overflow happen here rather than halfway through a change of the engine's state:
 * the engine's own paths are shallow, and run on the stack of user code that may be nearly full.
 */
final class StackProbe {
  private static final int FRAMES = 48;

  private StackProbe() {}

  /** Throws {@link StackOverflowError} unless there is room for the engine's paths. */
  static void ensureRoom() {
    descend(FRAMES, 1, 2, 3, 4);
  }

  private static long descend(int frames, long a, long b, long c, long d) {
    return frames == 0 ? a + b + c + d : descend(frames - 1, b, c, d, a + frames) + a;
  }
}
