package dev.manta.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A platform thread that runs tasks. While its task waits, the task's CPUs are others'. */
final class TaskRunner extends Runner implements Runnable, Placement.Request {
  private static final Object INTERRUPTING = new Object();
  private static final VarHandle RUNNING;

  static {
    try {
      RUNNING = MethodHandles.lookup().findVarHandle(TaskRunner.class, "running", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Tasks tasks;
  private @Nullable Task<?> first;

  /** The task that it runs or concludes: its ref may be pending though its code has ended. */
  private @Nullable Task<?> current;

  /** The next task of a parked runner. */
  volatile @Nullable Task<?> handed;

  volatile boolean dismissed;
  private volatile boolean interruptSent;

  /** The task whose code runs, or that it is just being interrupted. */
  private volatile @Nullable Object running;

  TaskRunner(Tasks tasks, Task<?> first) {
    this.tasks = tasks;
    this.first = first;
  }

  @Override
  Host host() {
    return tasks.engine.host;
  }

  @Override
  public void run() {
    enter();
    Task<?> task = first;
    first = null;
    tasks.awake();
    while (task != null) {
      current = task; // whoever sees it counted as ended sees this
      try {
        task.run(this);
      } catch (Throwable e) {
        host().report(task + " went wrong", e);
      }
      current = null;
      Needs ended = task.needs();
      task = null; // an idle thread must not keep what the last task captured
      task = tasks.next(this, ended);
    }
  }

  void begin(Task<?> task) {
    interruptSent = false;
    work = task;
    RUNNING.setRelease(this, task);
  }

  void endOf(Task<?> task) {
    work = null;
    while (!RUNNING.compareAndSet(this, task, null)) {
      Thread.onSpinWait(); // it is being interrupted: that must not reach the next one
    }
    var _ = Thread.interrupted();
  }

  /** Interrupts the code of a task, and nothing else. By any thread. */
  void interrupt(Task<?> task) {
    if (RUNNING.compareAndSet(this, task, INTERRUPTING)) {
      interruptSent = true;
      Thread t = thread;
      if (t != null) {
        t.interrupt();
      }
      running = task;
    }
  }

  /** On its thread: the code was told of its cancel by an interrupt, and has taken note. */
  boolean hasTakenInterrupt() {
    Thread current = Thread.currentThread();
    return interruptSent && current == thread && !current.isInterrupted();
  }

  /** On its thread: the code is told of its cancel otherwise. */
  void dropInterrupt() {
    if (interruptSent) {
      var _ = Thread.interrupted();
    }
  }

  /** The tasks that this runs or is about to run. */
  void addTasks(java.util.List<Task<?>> all) {
    for (Object task : new @Nullable Object[]{first, handed, current}) {
      if (task instanceof Task<?> t) {
        all.add(t);
      }
    }
  }

  private Needs given() {
    return work instanceof Task<?> task ? task.needs().cpuOnly() : Needs.NOTHING;
  }

  @Override
  void giveUp() {
    tasks.waits(this, true);
    tasks.engine.placement.release(given());
  }

  @Override
  void resume() {
    tasks.engine.placement.requestBack(this);
  }

  @Override
  public Needs needs() {
    return given();
  }

  @Override
  public void granted() {
    Thread t = thread;
    resumed = true;
    if (t != null) {
      host().unpark(t);
    }
  }

  @Override
  public boolean isWithdrawn() {
    return false;
  }

  @Override
  void regained() {
    tasks.waits(this, false);
  }

  @Override
  Executor place() {
    return tasks.engine.callbacks();
  }
}
