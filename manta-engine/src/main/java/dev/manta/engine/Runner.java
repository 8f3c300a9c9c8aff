package dev.manta.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A thread that runs calls or tasks, and how it waits. Between {@link #arm} and its end a wait is
 * woken at most once, by whoever is first: the completion, a timer, a cancel, an interrupt.
 */
abstract class Runner extends Item implements Thread.UncaughtExceptionHandler {
  /*
   * The thread knows its runner as its handler of uncaught exceptions: that is a field of it, while
   * a thread-local costs 136 bytes a thread, and there may be a million of them.
   */
  private static final VarHandle ARMED;
  private static final byte NONE = 0;
  private static final byte YIELDS = 1;
  private static final byte INTERRUPTED = 2;
  private static final byte ENDED_BY_INTERRUPT = 3;

  static {
    try {
      ARMED = MethodHandles.lookup().findVarHandle(Runner.class, "armed", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Nullable Thread thread;

  /** The call or task on whose behalf code runs here now. */
  @Nullable Work<?> work;

  /** The code is that work's own, not a continuation of it or its blocking code. */
  boolean owns = true;

  /** The wait has ended and this runner has what it needs to go on. */
  volatile boolean resumed;

  /** What is particular to the wait: one of the four above. */
  private byte particular;

  /** The class of the function after which the thread is named. */
  private @Nullable Class<?> namedAfter;

  private volatile @Nullable MonitorProbe probe;
  private volatile int armed;
  private int waits;

  abstract Host host();

  /** The runner of the current thread, or null outside calls and tasks. */
  static @Nullable Runner current() {
    return Thread.currentThread().getUncaughtExceptionHandler() instanceof Runner runner
        ? runner
        : null;
  }

  /** The work whose code the current thread runs, or null outside calls and tasks. */
  static @Nullable Work<?> currentWork() {
    Runner runner = current();
    return runner == null ? null : runner.work;
  }

  /** As {@link #enter} where code of the user's may have set another handler meanwhile. */
  @SuppressWarnings("ReferenceEquality") // the very handler
  final void enterAgain() {
    Thread t = thread;
    if (t != null && t.getUncaughtExceptionHandler() != this) {
      t.setUncaughtExceptionHandler(this);
    }
  }

  /** Makes this the runner of the current thread, for good. */
  final void enter() {
    Thread current = Thread.currentThread();
    thread = current;
    current.setUncaughtExceptionHandler(this);
  }

  /** As if this were no handler: what it is asked is what others do for the thread. */
  @Override
  public final void uncaughtException(Thread thread, Throwable error) {
    thread.getThreadGroup().uncaughtException(thread, error);
  }

  /**
   * Names the thread after the code that it runs now, for debuggers and thread dumps.
   *
   * @param always also if the function was never seen before: to find its name takes milliseconds,
   *     which the first call of a program does without
   */
  final void name(Work<?> work, Object function, boolean always) {
    Class<?> type = function.getClass();
    Thread t = thread;
    if (type != namedAfter && t != null && (FunctionShape.of(function).isFamiliar() || always)) {
      namedAfter = type;
      try {
        t.setName(work.threadName(function));
      } catch (StackOverflowError e) {
        // on a stack that is nearly full the name matters least
      }
    }
  }

  /** The work whose own code runs here now; null for continuations and outside. */
  final @Nullable Work<?> ownWork() {
    return owns ? work : null;
  }

  /** Begins a wait; the token belongs to it alone. */
  final int arm() {
    resumed = false;
    int token = ++waits;
    if (token == 0) {
      token = ++waits;
    }
    armed = token;
    return token;
  }

  /** The token of the last wait. On its thread. */
  final int token() {
    return waits;
  }

  /** Ends the wait of that token; false if something else has ended it. By any thread. */
  final boolean wake(int token) {
    if (token != 0 && armed == token && ARMED.compareAndSet(this, token, 0)) {
      resume();
      return true;
    }
    return false;
  }

  /** Ends the current wait; false if there is none. By any thread. */
  final boolean wake() {
    return wake(armed);
  }

  /** Takes a wait back that nothing has ended; false if something has: then {@link #suspend}. */
  final boolean disarm(int token) {
    return armed == token && ARMED.compareAndSet(this, token, 0);
  }

  /**
   * Gives up what others could use, parks until the wait that was armed last has ended, and takes
   * it back. What is on the stack here is there for each suspended call: hence the few variables.
   *
   * @return whether an interrupt ended the wait; the flag is cleared
   */
  final boolean suspend() {
    giveUp();
    while (!resumed) {
      try {
        host().park();
      } catch (StackOverflowError e) {
        /* Without the turn the code must not go on, also where the stack has no room for parking. */
        Thread.onSpinWait();
      }
      attend();
    }
    regained();
    return particular != NONE && wasEndedByInterrupt();
  }

  /** Looks why the thread is not parked any more. */
  private void attend() {
    MonitorProbe asked = probe;
    if (asked != null) {
      probe = null;
      asked.answer(this);
    }
    if (!resumed && Thread.interrupted()) {
      particular =
          wake(waits) || particular == ENDED_BY_INTERRUPT ? ENDED_BY_INTERRUPT : INTERRUPTED;
    }
  }

  private boolean wasEndedByInterrupt() {
    byte was = particular;
    particular = NONE;
    if (was == INTERRUPTED) {
      Thread.currentThread().interrupt();
    }
    return was == ENDED_BY_INTERRUPT;
  }

  /** The wait that begins is only for others to go first. */
  final void yields() {
    particular = YIELDS;
  }

  /** Whether it is ready to go on, and waits for nothing but that others go first. */
  final boolean isYielding() {
    return particular == YIELDS;
  }

  /** Has the thread answer, if it is suspended or as soon as it is. By any thread. */
  final void ask(MonitorProbe question) {
    Thread t = thread;
    probe = question;
    if (t != null) {
      host().unpark(t);
    }
  }

  /**
   * Spins for a result that another thread is about to have.
   *
   * @return whether it is there
   */
  boolean spinFor(Ref<?> ref) {
    return ref.isDone();
  }

  /** Gives up, before parking, what others could use meanwhile. */
  abstract void giveUp();

  /** Lets the parked thread go on when it may; called once a wait, by any thread. */
  abstract void resume();

  /** What was given up is held again. */
  abstract void regained();

  /** Where dependents of refs run that are registered here. */
  abstract Executor place();

  @Override
  boolean runInTurn(Incarnation actor, TurnRunner runner) {
    throw new AssertionError("only a turn's runner waits in a mailbox");
  }
}
