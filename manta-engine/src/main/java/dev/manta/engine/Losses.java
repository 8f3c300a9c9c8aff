package dev.manta.engine;

import org.jspecify.annotations.Nullable;

/**
 * Work whose submission failed halfway because the caller's stack was full. Where that is noticed
 * there is no room for a single call: so it is only linked, by plain writes, and taken back by
 * whoever comes next.
 */
final class Losses {
  /** The newest; linked by {@code nextLost}. Written under this monitor. */
  @Nullable Work<?> head;

  /** Takes all of it back, or nothing: throws {@link StackOverflowError} if there is no room for it. */
  void takeBack() {
    StackProbe.ensureMuchRoom();
    Work<?> work;
    synchronized (this) {
      work = head;
      head = null;
    }
    while (work != null) {
      Work<?> next = work.nextLost;
      work.nextLost = null;
      work.takeBack();
      work = next;
    }
  }
}
