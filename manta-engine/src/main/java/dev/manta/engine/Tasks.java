package dev.manta.engine;

import dev.manta.ObjectRef;
import dev.manta.TaskOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Runs tasks: gives those that have their resources a thread, of a limited number. */
final class Tasks {
  final Engine engine;
  private final int maxThreads;
  private final int maxIdle;
  private final ArrayDeque<Task<?>> threadless = new ArrayDeque<>();
  private final ArrayDeque<TaskRunner> idle = new ArrayDeque<>();
  private int threads;
  private int waiting;
  private boolean closed;

  /** Tasks that are submitted and not ended. */
  private final Set<Task<?>> live = ConcurrentHashMap.newKeySet();

  Tasks(Engine engine, int maxThreads, int maxIdle) {
    this.engine = engine;
    this.maxThreads = maxThreads;
    this.maxIdle = maxIdle;
  }

  <T extends @Nullable Object> ObjectRef<T> submit(TaskOptions options, Object function,
      Body body) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(function, "task");
    engine.ensureOpen();
    Needs needs =
        options == TaskOptions.DEFAULT
            ? engine.placement.needs(1, java.util.Map.of(), "the task")
            : engine.placement.needs(options.cpus(), options.resources(), "the task");
    if (Capture.isShared(function)) {
      return start(new Task<>(engine, function, body, needs, options.name()), options, null,
          function);
    }
    Capture.Captured c = Capture.take(engine, function);
    return start(
        new Task<>(engine, c.function(), body, needs, options.name()), options, c, function);
  }

  /** Submits code of the engine's own in place of a function. */
  <T extends @Nullable Object> Task<T> submitInternal(
      Object original, java.util.function.Function<Object, Body.Internal> code) {
    Capture.Captured c = Capture.take(engine, original);
    Needs needs = engine.placement.needs(1, java.util.Map.of(), "the task");
    return start(
        new Task<T>(
            engine,
            code.apply(c.function()),
            Body.INTERNAL, needs, FunctionShape.of(original).methodName(original)),
        TaskOptions.DEFAULT,
        c,
        original);
  }

  private <T extends @Nullable Object> Task<T> start(
      Task<T> task, TaskOptions options, Capture.@Nullable Captured captured, Object original) {
    if (options.retries() > 0) {
      task.mayRetry(
          options.retries(),
          options.retryOn(),
          captured != null
              ? captured
              : new Capture.Captured(original, original, List.of(), 0, null));
    }
    Runner runner = Runner.current();
    Work<?> parent = runner == null ? null : runner.work;
    task.inherit(parent, options.deadline());
    entered(task);
    if (parent != null && !parent.addChild(task)) {
      var _ = task.stop(dev.manta.Reason.CANCELLED, true);
    }
    task.tell(Events.Kind.QUEUED);
    task.startDeadline();
    if (captured == null || captured.dependencies().isEmpty()) {
      task.enqueue();
    } else {
      Gate.hold(task, captured.dependencies(), task::enqueue);
    }
    return task;
  }

  void entered(Task<?> task) {
    live.add(task);
  }

  void ended(Task<?> task) {
    live.remove(task);
  }

  List<Task<?>> live() {
    return new ArrayList<>(live);
  }

  /** Runs a task that has its resources. */
  void execute(Task<?> task) {
    TaskRunner runner;
    synchronized (this) {
      runner = idle.pollLast();
      if (runner == null) {
        if (threads == maxThreads) {
          threadless.add(task);
          return;
        }
        threads++;
      }
    }
    if (runner != null) {
      runner.handed = task;
      hand(runner);
      return;
    }
    try {
      engine.host.startTasks("manta-task", new TaskRunner(this, task));
    } catch (Throwable e) {
      engine.host.report("no thread for a task: trying again", e);
      synchronized (this) {
        threads--;
      }
      engine.host.schedule(10_000_000, () -> execute(task));
    }
  }

  private void hand(TaskRunner runner) {
    Thread t = runner.thread;
    if (t != null) {
      engine.host.unpark(t);
    }
  }

  /** The next task for a runner that has ended one; null: it may go. */
  @Nullable Task<?> next(TaskRunner runner, Task<?> ended) {
    Placement.Request next = engine.placement.releaseAndNext(ended.needs());
    if (next instanceof Task<?> task) {
      return task;
    }
    if (next != null) {
      next.granted();
    }
    synchronized (this) {
      Task<?> task = threadless.poll();
      if (task != null) {
        return task;
      }
      if (closed || idle.size() >= maxIdle) {
        threads--;
        return null;
      }
      idle.addLast(runner);
    }
    while (runner.handed == null && !runner.dismissed) {
      engine.host.park();
      var _ = Thread.interrupted();
    }
    Task<?> task = runner.handed;
    runner.handed = null;
    return task;
  }

  /** A runner's task begins or ends to wait. */
  void waits(TaskRunner runner, boolean begins) {
    synchronized (this) {
      waiting += begins ? 1 : -1;
    }
  }

  /** Whether one more waiting runner leaves none to run what is queued. */
  boolean isLastThread() {
    synchronized (this) {
      return threads == maxThreads && waiting >= threads - 1 && idle.isEmpty();
    }
  }

  long running() {
    synchronized (this) {
      return (long) threads - idle.size();
    }
  }

  /** No more tasks will come: idle threads end. */
  void close() {
    List<TaskRunner> dismissed;
    synchronized (this) {
      closed = true;
      dismissed = new ArrayList<>(idle);
      threads -= idle.size();
      idle.clear();
    }
    for (TaskRunner r : dismissed) {
      r.dismissed = true;
      hand(r);
    }
  }
}
