package dev.manta.engine;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Asks suspended threads which of some monitors they hold: nobody but a thread itself can tell, short
 * of a dump of all threads, which can crash a JVM whose virtual threads come and go (JDK-8364343).
 */
final class MonitorProbe {
  private final List<Object> candidates;
  private final long askedNs;
  private final AtomicInteger open;
  private volatile @Nullable Runner holder;

  /**
   * @param asked how many threads are asked
   * @param nowNs as {@link Host#nanoTime}
   */
  MonitorProbe(List<Object> candidates, int asked, long nowNs) {
    this.candidates = candidates;
    this.open = new AtomicInteger(asked);
    this.askedNs = nowNs;
  }

  /** Answers for the current thread, which is the runner's. */
  void answer(Runner runner) {
    for (Object candidate : candidates) {
      if (Thread.holdsLock(candidate)) {
        holder = runner;
        break;
      }
    }
    open.decrementAndGet();
  }

  /** Whether no answer is missing that could change what is known. */
  boolean isAnswered() {
    return holder != null || open.get() <= 0;
  }

  /** How long ago it was asked. */
  long ageNs(long nowNs) {
    return nowNs - askedNs;
  }

  /** Who holds one of them; null if none has said so yet. */
  @Nullable Runner holder() {
    return holder;
  }
}
