package dev.manta.engine;

import dev.manta.Reason;
import java.util.List;

/** Holds work back until the refs that it captured are complete, one after the other. */
final class Gate extends Waiter {
  private final Work<?> work;
  private final List<Ref<?>> dependencies;
  private final Runnable open;
  private int at;

  private Gate(Work<?> work, List<Ref<?>> dependencies, Runnable open) {
    this.work = work;
    this.dependencies = dependencies;
    this.open = open;
  }

  /** Runs {@code open} once all are complete, at once or later; also when the work was dropped. */
  static void hold(Work<?> work, List<Ref<?>> dependencies, Runnable open) {
    new Gate(work, dependencies, open).advance();
  }

  static boolean isOpen(List<Ref<?>> dependencies) {
    for (Ref<?> d : dependencies) {
      if (!d.isDone()) {
        return false;
      }
    }
    return true;
  }

  @Override
  void completed(Ref<?> ref) {
    advance();
  }

  private void advance() {
    for (; at < dependencies.size(); at++) {
      Ref<?> dependency = dependencies.get(at);
      work.waitsForDependency(dependency);
      if (!dependency.isDone() && dependency.subscribe(this)) {
        return;
      }
      Throwable error = dependency.error();
      if (error != null) {
        String words = work.toString();
        if (work.drop()) {
          work.fail(Failures.notExecuted(Reason.DEPENDENCY_FAILED, words, error));
        }
        break;
      }
    }
    work.waitsForDependency(null);
    open.run();
  }
}
