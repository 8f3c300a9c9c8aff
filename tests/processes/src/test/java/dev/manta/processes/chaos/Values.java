package dev.manta.processes.chaos;

import java.util.Random;

/** Bytes that are known by their size and seed. */
final class Values {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  private Values() {}

  static byte[] of(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Mostly small ones, some around 100 KiB, a few of up to 3 MiB. */
  static int size(Random random) {
    int percent = random.nextInt(100);
    if (percent < 70) {
      return random.nextInt(KIB);
    }
    return percent < 92
        ? 50 * KIB + random.nextInt(100 * KIB)
        : MIB + random.nextInt(2 * MIB);
  }
}
