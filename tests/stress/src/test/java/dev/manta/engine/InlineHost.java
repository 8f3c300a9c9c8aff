package dev.manta.engine;

import dev.manta.LocalOptions;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A host without threads and time: code runs on the thread that has it started, nested in what runs
 * there. A test's own threads are then all there are.
 */
final class InlineHost implements Host {
  /** An engine that all states share, since it would cost more than what is tested. */
  static final Engine ENGINE = new Engine(new InlineHost(), new NoCodec(), LocalOptions.local());

  private static final long LOST_WAKE_NS = 5_000_000_000L;

  private InlineHost() {}

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Thread startTurns(String name, boolean dedicated, Runnable body) {
    return run(body);
  }

  @Override
  public Thread startTasks(String name, Runnable body) {
    return run(body);
  }

  @Override
  public Thread startVirtual(String name, Runnable body) {
    return run(body);
  }

  private static Thread run(Runnable body) {
    Runner outer = Runner.current();
    try {
      body.run();
    } finally {
      if (outer != null) {
        outer.enter();
      } else {
        leave();
      }
    }
    return Thread.currentThread();
  }

  /** The current thread has no runner any more. */
  static void leave() {
    Thread.currentThread().setUncaughtExceptionHandler(null);
  }

  /** Fails where nobody wakes the thread: a test must not hang. */
  @Override
  public void park() {
    long start = System.nanoTime();
    LockSupport.parkNanos(this, LOST_WAKE_NS);
    if (System.nanoTime() - start >= LOST_WAKE_NS) {
      throw new AssertionError("a lost wake");
    }
  }

  @Override
  public void unpark(Thread thread) {
    LockSupport.unpark(thread);
  }

  @Override
  public void yieldThread() {
    Thread.yield();
  }

  @Override
  public Timer schedule(long delayNs, Runnable action) {
    return () -> {};
  }

  @Override
  public void whenUnreachable(Object token, Runnable action) {}

  @Override
  public void report(String message, @Nullable Throwable cause) {
    throw new AssertionError(message, cause);
  }

  /** Copies nothing: the tests pass only shared values. */
  private static final class NoCodec implements Codec {
    @Override
    public Encoded encode(@Nullable Object value, Boundary boundary) {
      throw new NotCopyableException("", "this codec copies nothing");
    }

    @Override
    public @Nullable Object decode(Encoded encoded, Boundary boundary) {
      throw new AssertionError("nothing was encoded");
    }
  }
}
