package dev.manta.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Threads, time and reports of a simulation. That a ref or handle is unreachable is an event of the
 * program's, not of the collector's.
 */
final class SimulatedHost implements Host {
  /** A program never needs that long: such a timer is there to be cancelled. */
  static final long LONG_NS = 1_000_000_000L * 60 * 30;

  /** What is to be done when something is unreachable. */
  record Registered(Object token, Runnable action) {}

  final List<Registered> registered = new ArrayList<>();
  private final Scheduler scheduler;
  private final int process;
  private final BiConsumer<String, Throwable> reports;
  private final Consumer<Throwable> longTimer;

  SimulatedHost(
      Scheduler scheduler,
      BiConsumer<String, Throwable> reports,
      Consumer<Throwable> longTimer) {
    this(scheduler, 0, reports, longTimer);
  }

  /**
   * The host of one of many processes.
   *
   * @param longTimer is told, with where it was set, when a timer goes off that no program needs
   */
  SimulatedHost(
      Scheduler scheduler,
      int process,
      BiConsumer<String, Throwable> reports,
      Consumer<Throwable> longTimer) {
    this.scheduler = scheduler;
    this.process = process;
    this.reports = reports;
    this.longTimer = longTimer;
  }

  @Override
  public long nanoTime() {
    return scheduler.now();
  }

  @Override
  public Thread startTurns(String name, boolean dedicated, Runnable body) {
    return start("turns", body);
  }

  @Override
  public Thread startTasks(String name, Runnable body) {
    return start("task", body);
  }

  @Override
  public Thread startVirtual(String name, Runnable body) {
    return start("virtual", body);
  }

  private Thread start(String name, Runnable body) {
    Thread thread = scheduler.spawn(process, name, body).thread;
    Hooks.checkpoint();
    return thread;
  }

  @Override
  public void park() {
    scheduler.park();
  }

  @Override
  public void unpark(Thread thread) {
    scheduler.unpark(thread);
  }

  @Override
  public void yieldThread() {
    scheduler.checkpoint();
  }

  @Override
  public Timer schedule(long delayNs, Runnable action) {
    Throwable set = delayNs < LONG_NS ? null : new Throwable("set here");
    VirtualTime.Entry entry =
        scheduler.schedule(
            process,
            delayNs,
            () -> {
              if (set != null) {
                longTimer.accept(set);
              }
              action.run();
            });
    Hooks.checkpoint();
    return entry::cancel;
  }

  @Override
  public void whenUnreachable(Object token, Runnable action) {
    registered.add(new Registered(token, action));
  }

  /** What was registered for a token, which is unreachable now. */
  @SuppressWarnings("ReferenceEquality") // the token itself
  List<Runnable> drop(Object token) {
    List<Runnable> actions = new ArrayList<>();
    registered.removeIf(
        r -> {
          if (r.token() == token) {
            actions.add(r.action());
          }
          return r.token() == token;
        });
    return actions;
  }

  @Override
  public void report(String message, Throwable cause) {
    reports.accept(message, cause);
  }
}
