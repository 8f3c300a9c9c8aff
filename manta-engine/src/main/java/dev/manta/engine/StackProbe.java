package dev.manta.engine;

/**
 * Makes a stack overflow happen here rather than halfway through a change of the engine's state:
 * the engine's own paths are shallow, and run on the stack of user code that may be nearly full.
 */
final class StackProbe {
  /** Enough for compiled code: 3.4 KB and more. */
  private static final int FRAMES = 48;

  /** Enough for a few compiled methods that call little: 1.4 KB and more. */
  private static final int FEW_FRAMES = 20;

  /** Enough for the first passes, which are interpreted, and load and link what they use: 57 KB. */
  private static final int COLD_FRAMES = 160;

  /** By so much the first probe of a path looks further than those on its way. */
  private static final int MORE_FRAMES = 40;

  private static final int COLD_PASSES = 10_000;
  private static final int SELDOM = 63;

  /* Counted without care: it only has to come to an end. */
  private static int passes;

  private StackProbe() {}

  /** Throws {@link StackOverflowError} unless there is room for the engine's paths. */
  static void ensureRoom() {
    descend(passes < COLD_PASSES ? COLD_FRAMES : FRAMES, seed());
  }

  /** As {@link #ensureRoom}, for a path that is shorter than most and hot. */
  static void ensureRoomForLittle() {
    descend(passes < COLD_PASSES ? COLD_FRAMES : FEW_FRAMES, seed());
  }

  /** As {@link #ensureRoom}, where a path begins whose later steps can be taken back. */
  static void ensureRoomWhileCold() {
    if (passes < COLD_PASSES) {
      passes++;
      descend(COLD_FRAMES + MORE_FRAMES, seed());
    }
  }

  /** What no compiler knows, and no other thread writes. */
  private static long seed() {
    return Thread.currentThread().threadId();
  }

  /**
   * Calls itself. The branch that is seldom taken has more variables than there are registers, and a
   * compiled method's frame has room for those of all its branches: so few calls reach far down.
   */
  private static long descend(int frames, long a) {
    if (frames == 0) {
      return a;
    }
    if ((a & SELDOM) == 0) {
      long b = scatter(a);
      long c = scatter(b);
      long d = scatter(c);
      long e = scatter(d);
      long f = scatter(e);
      long g = scatter(f);
      long h = scatter(g);
      long i = scatter(h);
      long j = scatter(i);
      long k = scatter(j);
      long l = scatter(k);
      long m = scatter(l);
      long below = descend(frames - 1, a + 1);
      return below + b * c + d * e + f * g + h * i + j * k + l * m + b * m;
    }
    return descend(frames - 1, a + 1) + a;
  }

  private static long scatter(long a) {
    long b = a * 0x9E3779B97F4A7C15L;
    return b ^ (b >>> 29);
  }
}
