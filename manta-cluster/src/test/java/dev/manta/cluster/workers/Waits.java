package dev.manta.cluster.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits of tests, each with an end. */
final class Waits {
  /** When a test gives up waiting for what must happen. */
  static final Duration LIMIT = Duration.ofSeconds(30);

  /** What a busy machine may add to a time that is promised. */
  static final Duration TOLERANCE = Duration.ofSeconds(3);

  private Waits() {}

  static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
  }

  static void until(String what, Duration limit, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).as(what).isLessThan(limit);
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }
}
