package dev.manta.runtime;

import dev.manta.engine.Events;
import dev.manta.engine.Host;
import java.lang.ref.Cleaner;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Threads, time and reports in this JVM. Timers and the cleaner start when first needed. */
public class EmbeddedHost implements Host {
  private static final Events JFR = new JfrEvents();

  private final Events events;

  /** The threads of this JVM, and its flight recorder. */
  public EmbeddedHost() {
    this(JFR);
  }

  EmbeddedHost(Events events) {
    this.events = events;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Thread startTurns(String name, boolean dedicated, Runnable body) {
    if (dedicated) {
      return Thread.ofPlatform()
          .inheritInheritableThreadLocals(false)
          .name(name)
          .daemon()
          .start(body);
    }
    return Thread.ofVirtual().inheritInheritableThreadLocals(false).name(name).start(body);
  }

  @Override
  public Thread startTasks(String name, Runnable body) {
    return Thread.ofPlatform()
        .inheritInheritableThreadLocals(false)
        .name(name)
        .daemon()
        .start(body);
  }

  @Override
  public Thread startVirtual(String name, Runnable body) {
    return Thread.ofVirtual().inheritInheritableThreadLocals(false).name(name).start(body);
  }

  @Override
  public void park() {
    Rehearsal.countWait();
    LockSupport.park();
  }

  @Override
  public void unpark(Thread thread) {
    LockSupport.unpark(thread);
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // fairness between actors
  public void yieldThread() {
    Thread.yield();
  }

  @Override
  public Timer schedule(long delayNs, Runnable action) {
    var future = Timers.EXECUTOR.schedule(action, delayNs, TimeUnit.NANOSECONDS);
    return new Scheduled(future);
  }

  @Override
  public void whenUnreachable(Object token, Runnable action) {
    var _ = Reclaim.CLEANER.register(token, action);
  }

  @Override
  public Events events() {
    return events;
  }

  @Override
  public long versionOf(Class<?> type) {
    return ClassVersions.of(type);
  }

  @Override
  public void report(String message, @Nullable Throwable cause) {
    try {
      Log.LOGGER.log(System.Logger.Level.WARNING, message, cause);
    } catch (Throwable e) {
      // a logger that fails must not fail what it logs
    }
  }

  /** The logger, found when there is something to log: loggers are slow to start. */
  private static final class Log {
    static final System.Logger LOGGER = System.getLogger("dev.manta");
  }

  /** The timer thread, shared by all engines of this JVM. */
  private static final class Timers {
    static final ScheduledThreadPoolExecutor EXECUTOR = create();

    private static ScheduledThreadPoolExecutor create() {
      ScheduledThreadPoolExecutor executor =
          new ScheduledThreadPoolExecutor(
              1,
              Thread.ofPlatform()
                  .inheritInheritableThreadLocals(false)
                  .name("manta-timer")
                  .daemon()
                  .factory());
      executor.setRemoveOnCancelPolicy(true);
      return executor;
    }
  }

  private record Scheduled(Future<?> future) implements Timer {
    @Override
    public void cancel() {
      var _ = future.cancel(false);
    }
  }

  /** The thread that acts on unreachable refs and handles, shared likewise. */
  private static final class Reclaim {
    static final Cleaner CLEANER =
        Cleaner.create(Thread.ofPlatform()
            .inheritInheritableThreadLocals(false)
            .name("manta-reclaim")
            .daemon()
            .factory());
  }
}
