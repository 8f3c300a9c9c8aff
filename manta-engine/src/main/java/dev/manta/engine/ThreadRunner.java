package dev.manta.engine;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A thread that holds nothing that others could use while it waits: one outside Manta, one that runs
 * a call of a threaded actor, or one that runs blocking code.
 */
final class ThreadRunner extends Runner {
  private final Host host;
  private final Executor place;

  /**
   * A runner for the current thread.
   *
   * @param owns whether the work's own code runs here
   */
  ThreadRunner(Engine engine, @Nullable Work<?> work, boolean owns) {
    this.host = engine.host;
    this.place = engine.callbacks();
    this.work = work;
    this.owns = owns;
    this.thread = Thread.currentThread();
  }

  @Override
  Host host() {
    return host;
  }

  @Override
  void giveUp() {}

  @Override
  void resume() {
    Thread t = thread;
    resumed = true;
    if (t != null) {
      host.unpark(t);
    }
  }

  @Override
  void regained() {}

  @Override
  Executor place() {
    return place;
  }
}
