package dev.manta.engine;

/**
 * How a platform thread outside actors and tasks looks for a result once more before it parks. To park
 * and be unparked takes longer than many calls, and the one that has to unpark it is the one that it
 * waits for.
 *
 * <p>One look, after some microseconds: each look takes the cache line of the ref away from whoever is
 * about to complete it and those after it, and what comes meanwhile is then taken in one go.
 */
final class OutsideSpins {
  /** 25 ns each on the machine where this was tried, up to 45 on others. */
  private static final int PAUSES = 300;

  /* Of all outside threads together, and changed without care: it is only a guess. */
  private int credit = Spins.CREDIT;

  /** Whether the ref is complete, now or soon. */
  boolean spinFor(Ref<?> ref) {
    if (ref.isDone()) {
      return true;
    }
    if (Thread.currentThread().isVirtual()) {
      return false;
    }
    if (Spins.looks(credit) > 0) {
      for (int i = 0; i < PAUSES; i++) {
        Thread.onSpinWait();
      }
    }
    boolean came = ref.isDone();
    int next = Spins.next(credit, came);
    if (next != credit) {
      credit = next;
    }
    return came;
  }
}
