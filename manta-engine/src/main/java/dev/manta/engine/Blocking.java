package dev.manta.engine;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Runs blocking code off the turn. */
final class Blocking {
  private Blocking() {}

  /** Runs code on a virtual thread on behalf of {@code work}, which waits for it. */
  static <T extends @Nullable Object> T run(Work<?> work, Callable<T> code) throws Exception {
    Runner runner = Runner.current();
    if (runner != null && runner.owns) {
      work.throwIfCancelled();
      work.refuseUnderMonitor();
    }
    Engine engine = work.engine;
    Ref<@Nullable Void> done = new Ref<>(engine);
    Outcome<T> outcome = new Outcome<>();
    Runnable body =
        engine.context.wrap(
            () -> {
              new ThreadRunner(engine, work, false).enter();
              try {
                outcome.value = code.call();
              } catch (Throwable e) {
                outcome.thrown = e;
              }
              done.complete(null);
            });
    Thread thread = engine.host.startVirtual(work + " (blocking)", body);
    try {
      Waits.untilDone(done);
    } catch (CancellationException | dev.manta.GetInterruptedException e) {
      thread.interrupt();
      throw e;
    }
    return outcome.get();
  }

  private static final class Outcome<T extends @Nullable Object> {
    @Nullable T value;
    @Nullable Throwable thrown;

    @SuppressWarnings("NullAway") // null is a value of T where the code returned it
    T get() throws Exception {
      switch (thrown) {
        case null -> {}
        case Exception e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
      return value;
    }
  }
}
