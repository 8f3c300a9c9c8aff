package dev.manta.engine;

import dev.manta.NotExecutedException;
import dev.manta.OutcomeUnknownException;
import java.util.concurrent.atomic.AtomicInteger;

/** Work of no actor: its phases are stepped by the test. */
final class Job extends Work<Integer> {
  final AtomicInteger drops = new AtomicInteger();

  /** A job in a phase. */
  Job(int phase) {
    super(InlineHost.ENGINE, "a function", Body.INTERNAL);
    markSeen();
    if (phase >= QUEUED) {
      step(WAITING, QUEUED);
    }
    if (phase >= STARTED) {
      step(QUEUED, STARTED);
    }
  }

  @Override
  void droppedWhileWaiting() {
    drops.incrementAndGet();
  }

  @Override
  void droppedWhileQueued() {
    drops.incrementAndGet();
  }

  @Override
  boolean asksToStop(dev.manta.Reason reason, boolean withChildren) {
    return false;
  }

  @Override
  void takeBack() {}

  @Override
  String threadName(Object code) {
    return "a job";
  }

  @Override
  public String toString() {
    return "a job";
  }

  /** How a ref has ended, in a word. */
  static String end(Ref<?> ref) {
    if (!ref.isDone()) {
      return "pending";
    }
    Throwable error = ref.error();
    return switch (error) {
      case null -> "value";
      case NotExecutedException e -> "not executed";
      case OutcomeUnknownException e -> "unknown";
      default -> error.getClass().getSimpleName();
    };
  }
}
