package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.ObjectRef;
import dev.manta.TaskOptions;
import dev.manta.WhenFull;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Runs tasks: gives those that have their resources, a thread being one of them, to threads. */
final class Tasks {
  final Engine engine;
  private final int maxThreads;
  private final int maxIdle;
  private final ArrayDeque<TaskRunner> idle = new ArrayDeque<>();

  /** A thread is on its way, and has not begun to run. */
  private boolean waking;

  /** Tasks that have their resources and wait until that thread has begun. */
  private final ArrayDeque<Task<?>> ready = new ArrayDeque<>();

  private int waiting;
  private boolean closed;

  /** Tasks that are submitted and not ended. */
  private final Pending pending;

  /** Those of them that no queue and no thread has: they wait for captured refs, or for a stage. */
  private final Set<Task<?>> elsewhere = ConcurrentHashMap.newKeySet();

  private final Set<TaskRunner> runners = new HashSet<>();

  Tasks(Engine engine, int maxPending, int maxThreads, int maxIdle) {
    this.engine = engine;
    this.pending = new Pending(maxPending, Long.MAX_VALUE);
    this.maxThreads = maxThreads;
    this.maxIdle = maxIdle;
  }

  <T extends @Nullable Object> ObjectRef<T> submit(TaskOptions options, Object function,
      Body body) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(function, "task");
    StackProbe.ensureRoomWhileCold();
    if (engine.losses.head != null) {
      engine.losses.takeBack();
    }
    engine.ensureOpen();
    Needs needs =
        options == TaskOptions.DEFAULT
            ? engine.placement.needs(1, java.util.Map.of(), true)
            : engine.placement.needs(options.cpus(), options.resources(), true);
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
    Objects.requireNonNull(original, "task");
    engine.ensureOpen();
    Capture.Captured c = Capture.take(engine, original);
    Needs needs = engine.placement.needs(1, java.util.Map.of(), true);
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
      task.extras()
          .mayRetry(
              new ActorOptions.Retries(options.retries(), options.retryOn()),
              captured != null
                  ? captured
                  : new Capture.Captured(original, original, List.of(), 0, null));
    }
    Runner runner = Runner.current();
    Work<?> parent = runner == null ? null : runner.work;
    task.inherit(parent, options.deadline());
    boolean entered = false;
    try {
      entered = pending.tryEnter(0);
      if (!entered) {
        Throwable refusal = new TaskEntrance().enter(task, 0, Entrance.policy(WhenFull.WAIT));
        if (refusal != null) {
          task.fail(refusal);
          return task;
        }
        entered = true;
      }
      route(task, parent, captured == null ? List.of() : captured.dependencies());
      return task;
    } catch (Throwable e) {
      if (entered) {
        Losses losses = engine.losses;
        synchronized (losses) {
          task.nextLost = losses.head;
          losses.head = task;
        }
      }
      throw e;
    }
  }

  /** Has an entered task run when it may. */
  private void route(Task<?> task, @Nullable Work<?> parent, List<Ref<?>> dependencies) {
    if (parent != null && !parent.addChild(task)) {
      var _ = task.stop(dev.manta.Reason.CANCELLED, true);
    }
    task.tell(Events.Kind.QUEUED);
    task.startDeadline();
    if (dependencies.isEmpty()) {
      task.enqueue();
      return;
    }
    if (Gate.isOpen(dependencies)) {
      Gate.hold(task, dependencies, task::enqueue);
      return;
    }
    elsewhere.add(task);
    Gate.hold(
        task,
        dependencies,
        () -> {
          elsewhere.remove(task);
          task.enqueue();
        });
  }

  /** The entrance to the tasks. */
  private final class TaskEntrance extends Entrance {
    TaskEntrance() {
      super(engine, pending, "this Manta");
    }

    @Override
    @Nullable Throwable closed() {
      return engine.isClosed() ? new IllegalStateException("this Manta is closed") : null;
    }
  }

  /** Another attempt of a task that is not ended. */
  void entered() {
    pending.enter(0);
  }

  void ended() {
    pending.leave(0);
  }

  /** A task whose thread has returned waits for its stage. */
  void parked(Task<?> task) {
    elsewhere.add(task);
  }

  void unparked(Task<?> task) {
    elsewhere.remove(task);
  }

  long calls() {
    return pending.calls();
  }

  /** Tasks that are not ended, wherever they stand; one on its way to a thread may be missing. */
  List<Task<?>> live() {
    List<Task<?>> all = new ArrayList<>(elsewhere);
    for (Placement.Request request : engine.placement.waitingRequests()) {
      if (request instanceof Task<?> task) {
        all.add(task);
      }
    }
    synchronized (this) {
      all.addAll(ready);
      for (TaskRunner runner : runners) {
        runner.addTasks(all);
      }
    }
    return all;
  }

  /** Stops all tasks; false while the ref of one may be pending that is on its way to a thread. */
  boolean stopAll() {
    long left = pending.calls();
    for (Task<?> task : live()) {
      var _ = task.stop(dev.manta.Reason.DRAINING, true);
      if (task.phase() == Work.STARTED) {
        left--; // its ref is complete, its code may run on
      }
    }
    return left <= 0 || pending.calls() == 0;
  }

  /**
   * Runs a task that has its resources. Threads are woken one after the other, each by the one before
   * it: to wake a thread takes longer than most tasks are apart.
   */
  void execute(Task<?> task) {
    TaskRunner idler;
    TaskRunner fresh = null;
    synchronized (this) {
      if (waking) {
        ready.add(task);
        return;
      }
      waking = true;
      idler = idle.pollLast();
      if (idler == null) {
        fresh = new TaskRunner(this, task);
        runners.add(fresh);
      }
    }
    if (fresh == null) {
      idler.handed = task;
      hand(idler);
      return;
    }
    try {
      engine.host.startTasks("manta-task", fresh);
    } catch (Throwable e) {
      engine.host.report("no thread for a task: trying again", e);
      synchronized (this) {
        runners.remove(fresh);
      }
      engine.host.schedule(10_000_000, () -> execute(task));
      awake();
    }
  }

  /** The thread that was to wake does so: the next may. */
  void awake() {
    Task<?> next;
    synchronized (this) {
      waking = false;
      next = ready.poll();
    }
    if (next != null) {
      execute(next);
    }
  }

  private void hand(TaskRunner runner) {
    Thread t = runner.thread;
    if (t != null) {
      engine.host.unpark(t);
    }
  }

  /** The next task for a runner that has ended one with such needs; null: it may go. */
  @Nullable Task<?> next(TaskRunner runner, Needs ended) {
    Placement.Request next = engine.placement.releaseAndNext(ended);
    if (next instanceof Task<?> task) {
      return task;
    }
    if (next != null) {
      next.granted();
    }
    synchronized (this) {
      Task<?> granted = ready.poll();
      if (granted != null) {
        return granted;
      }
      if (closed || idle.size() >= maxIdle) {
        runners.remove(runner);
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
    if (task != null) {
      awake();
    }
    return task;
  }

  /** A runner's task begins or ends to wait. */
  void waits(TaskRunner runner, boolean begins) {
    synchronized (this) {
      waiting += begins ? 1 : -1;
    }
    Peers peers = engine.peers();
    if (peers != null) {
      peers.tasks.tellWaiting();
    }
  }

  int waiting() {
    synchronized (this) {
      return waiting;
    }
  }

  /** Whether one more waiting runner leaves none to run what is queued. */
  boolean isLastThread() {
    synchronized (this) {
      return waiting >= maxThreads - 1 && !engine.placement.hasFreeThread();
    }
  }

  long running() {
    synchronized (this) {
      return (long) runners.size() - idle.size();
    }
  }

  /** No more tasks will come: idle threads end. */
  void close() {
    List<TaskRunner> dismissed;
    synchronized (this) {
      closed = true;
      dismissed = new ArrayList<>(idle);
      runners.removeAll(dismissed);
      idle.clear();
    }
    for (TaskRunner r : dismissed) {
      r.dismissed = true;
      hand(r);
    }
  }
}
