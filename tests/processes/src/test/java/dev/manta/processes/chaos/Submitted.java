package dev.manta.processes.chaos;

import dev.manta.ObjectRef;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call or task of the program, and how it ended. */
final class Submitted {
  final long id;
  final String what;
  final Optional<Duration> deadline;
  final int retries;
  final long startNs = System.nanoTime();
  volatile boolean cancelled;
  volatile long endNs;
  volatile @Nullable Object value;
  volatile @Nullable Throwable error;
  volatile @Nullable String wrong;

  Submitted(long id, String what, Optional<Duration> deadline, int retries) {
    this.id = id;
    this.what = what;
    this.deadline = deadline;
    this.retries = retries;
  }

  /** Notes how its ref ends; checks the value; then runs {@code after}. */
  <T> void watch(ObjectRef<T> ref, Consumer<T> check, Runnable after) {
    var _ =
        ref.whenComplete((v, e) -> {
          ended(v, e, check);
          after.run();
        });
  }

  private <T> void ended(@Nullable T v, @Nullable Throwable e, Consumer<T> check) {
    if (e == null && v != null) {
      try {
        check.accept(v);
      } catch (Throwable t) {
        wrong = t.toString();
      }
    }
    error = e;
    value = v instanceof byte[] ? "bytes" : v;
    endNs = System.nanoTime();
  }

  boolean isOver() {
    return endNs != 0;
  }

  /** How long after its deadline it ended; negative where it was in time. */
  long lateMs() {
    return deadline.map(d -> (endNs - startNs - d.toNanos()) / 1_000_000).orElse(-1L);
  }

  @Override
  public String toString() {
    return "#%d %s deadline %s retries %d%s, value %s, error %s".formatted(
        id, what, deadline, retries, cancelled ? " cancelled" : "", value, error);
  }
}
