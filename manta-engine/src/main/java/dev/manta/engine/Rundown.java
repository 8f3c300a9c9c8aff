package dev.manta.engine;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps the end of a thing from what is still done with it: threads enter and leave, and the end is seen
 * to once, by the last that leaves; nobody enters after that. No thread waits.
 */
final class Rundown {
  private static final int ENDS = 1 << 31;

  /** How many are inside, and whether the end waits for them to leave. */
  private final AtomicInteger state = new AtomicInteger();

  /** Begins to do something with it; false if it ends, or has ended. */
  boolean enter() {
    for (;;) {
      int now = state.get();
      if (now < 0) {
        return false;
      }
      if (state.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  /**
   * What began with {@link #enter} is done.
   *
   * @return whether the caller is to see to the end
   */
  boolean leave() {
    return state.decrementAndGet() == ENDS;
  }

  /**
   * Nobody enters any more. Once.
   *
   * @return whether the caller is to see to the end; else the last that leaves is
   */
  boolean end() {
    return state.getAndUpdate(now -> now | ENDS) == 0;
  }
}
