package dev.manta.engine;

/**
 * Makes a stack overflow happen here rather than halfway through a change of the engine's state:
 * the engine's own paths are shallow, and run on the stack of user code that may be nearly full.
 */
public final class StackProbe {
  /** Enough for compiled code: 3.4 KB and more. */
  private static final int FRAMES = 18;

  /** Enough for a few compiled methods that call little: 1.4 KB and more. */
  private static final int FEW_FRAMES = 8;

  /** Enough for system calls, and what they take in the JDK. */
  private static final int SEND_FRAMES = 64;

  /** Enough for the first passes, which are interpreted, and load and link what they use: 57 KB. */
  private static final int COLD_FRAMES = 128;

  /** By so much the first probe of a path looks further than those on its way. */
  private static final int MORE_FRAMES = 32;

  private static final int COLD_PASSES = 10_000;
  private static final int SELDOM = 63;
  private static final long MIX = 0x9E3779B97F4A7C15L;

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

  /** As {@link #ensureRoom}, for code that is seldom run and may not be compiled. */
  static void ensureMuchRoom() {
    descend(COLD_FRAMES + MORE_FRAMES, seed());
  }

  /**
   * As {@link #ensureRoom}, for who writes to a socket or wakes another thread, of whose code some may not be
   * compiled: 12 KB and more. Any thread.
   */
  public static void ensureRoomToSend() {
    descend(passes < COLD_PASSES ? COLD_FRAMES : SEND_FRAMES, seed());
  }

  /** What no compiler knows, and no other thread writes. */
  private static long seed() {
    return Thread.currentThread().threadId();
  }

  /**
   * Calls itself. The branch that is seldom taken has more variables than there are registers, and a
   * compiled method's frame has room for those of all its branches: so few calls reach far down. It is
   * too long (325 bytes of byte code) to become a part of its callers, whose frames are there for each
   * suspended call.
   */
  private static long descend(int frames, long a) {
    if (frames == 0) {
      return a;
    }
    if ((a & SELDOM) == 0) {
      long b = a * MIX ^ a >>> 29;
      long c = b * MIX ^ b >>> 29;
      long d = c * MIX ^ c >>> 29;
      long e = d * MIX ^ d >>> 29;
      long f = e * MIX ^ e >>> 29;
      long g = f * MIX ^ f >>> 29;
      long h = g * MIX ^ g >>> 29;
      long i = h * MIX ^ h >>> 29;
      long j = i * MIX ^ i >>> 29;
      long k = j * MIX ^ j >>> 29;
      long l = k * MIX ^ k >>> 29;
      long m = l * MIX ^ l >>> 29;
      long n = m * MIX ^ m >>> 29;
      long o = n * MIX ^ n >>> 29;
      long p = o * MIX ^ o >>> 29;
      long q = p * MIX ^ p >>> 29;
      long r = q * MIX ^ q >>> 29;
      long s = r * MIX ^ r >>> 29;
      long t = s * MIX ^ s >>> 29;
      long u = t * MIX ^ t >>> 29;
      long below = descend(frames - 1, a + 1);
      return below
          + b * c + d * e + f * g + h * i + j * k
          + l * m + n * o + p * q + r * s + t * u;
    }
    return descend(frames - 1, a + 1) + a;
  }
}
