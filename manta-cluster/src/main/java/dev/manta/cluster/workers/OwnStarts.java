package dev.manta.cluster.workers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The workers with JVM options of their own that somebody waits for. Of the pool's thread. */
final class OwnStarts {
  /**
   * One of them, and how its starts have fared: what its options make fail says nothing of other
   * workers.
   */
  static final class OwnStart {
    final List<String> jvmOptions;
    private final CompletableFuture<Worker> future;
    private final StartHistory history;

    /** Its process has been started, and is not known to have died. */
    private boolean started;

    private OwnStart(
        CompletableFuture<Worker> future, List<String> jvmOptions, long nowNs) {
      this.future = future;
      this.jvmOptions = List.copyOf(jvmOptions);
      history = new StartHistory(nowNs);
    }

    void diedAtStart(String what, long nowNs) {
      started = false;
      history.diedAtStart(what, nowNs);
    }
  }

  private final List<OwnStart> waiting = new ArrayList<>();

  void add(CompletableFuture<Worker> future, List<String> jvmOptions, long nowNs) {
    waiting.add(new OwnStart(future, jvmOptions, nowNs));
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** One to be started now, of which the caller must say if it dies; null if there is none. */
  @Nullable OwnStart next(long nowNs) {
    waiting.removeIf(own -> own.future.isDone() && !own.started);
    for (var own : List.copyOf(waiting)) {
      if (own.history.isHopeless() && !own.started) {
        waiting.remove(own);
        own.future.completeExceptionally(own.history.giveUp());
      } else if (!own.started && own.history.delay(nowNs).isZero()) {
        own.started = true;
        return own;
      }
    }
    return null;
  }

  /** When the next one is to be started that must wait for that. */
  Optional<Duration> delay(long nowNs) {
    return waiting.stream()
        .filter(own -> !own.started)
        .map(own -> own.history.delay(nowNs))
        .filter(delay -> !delay.isZero())
        .min(Duration::compareTo);
  }

  /** Hands out a worker that is ready; false if nobody wants it any more. */
  boolean handOut(OwnStart own, Worker worker) {
    waiting.remove(own);
    return own.future.complete(worker);
  }

  void fail(Throwable failure) {
    waiting.forEach(own -> own.future.completeExceptionally(failure));
    waiting.clear();
  }
}
