package dev.manta.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks suspended threads which of some monitors they hold: nobody but a thread itself can tell, short
 * of a dump of all threads, which can crash a JVM whose virtual threads come and go (JDK-8364343).
 */
final class MonitorProbe {
  private final List<Object> candidates;
  private volatile @Nullable Runner holder;

  MonitorProbe(List<Object> candidates) {
    this.candidates = candidates;
  }

  /** Answers for the current thread, which is the runner's. */
  void answer(Runner runner) {
    for (Object candidate : candidates) {
      if (Thread.holdsLock(candidate)) {
        holder = runner;
        return;
      }
    }
  }

  /** Who holds one of them; null if none has said so yet. */
  @Nullable Runner holder() {
    return holder;
  }
}
