package dev.manta.engine;

import dev.manta.CancelScope;
import dev.manta.MantaException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The first instance of an object ref, which owns its state: pending with a list of waiters, or
 * complete. Other instances are {@link RefView}s of it.
 */
class Ref<T extends @Nullable Object> extends Item implements StageRef<T> {
  /*
   * One word: null or a Waiter chain is pending; NIL, RELEASED, a Failure, a Copied, or else the
   * shared value itself is complete. It leaves pending once, by compare-and-set, and takes the
   * chain with it.
   */
  private static final Object NIL = new Object();
  private static final Object RELEASED = new Object();
  private static final VarHandle STATE;
  private static final VarHandle VIEWS;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Ref.class, "state", Object.class);
      VIEWS = MethodHandles.lookup().findVarHandle(Ref.class, "views", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Engine engine;
  private volatile @Nullable Object state;
  private volatile boolean released;
  private volatile int views;

  Ref(Engine engine) {
    this.engine = engine;
  }

  @Override
  public final Ref<T> origin() {
    return this;
  }

  @Override
  public final boolean isDone() {
    return isTerminal(state);
  }

  private static boolean isTerminal(@Nullable Object state) {
    return state != null && !(state instanceof Waiter);
  }

  /** Completes with a value that may be shared, or a {@link Copied}; false if it was complete. */
  final boolean complete(@Nullable Object value) {
    return finish(value == null ? NIL : value);
  }

  /** Completes with an error; false if it was complete. */
  final boolean fail(Throwable error) {
    if (isDone()) {
      return false;
    }
    Failure failure = new Failure(error);
    if (!finish(failure)) {
      return false;
    }
    failure.watch(this);
    return true;
  }

  private boolean finish(Object terminal) {
    if (terminal instanceof Copied c) {
      c.hold();
    }
    for (;;) {
      Object s = state;
      if (isTerminal(s)) {
        if (terminal instanceof Copied c) {
          c.letGo();
        }
        return false;
      }
      if (STATE.compareAndSet(this, s, terminal)) {
        onCompletion();
        if (s != null) {
          tell((Waiter) s, terminal);
        }
        dropIfReleased();
        return true;
      }
    }
  }

  private void tell(Waiter newest, Object terminal) {
    Waiter oldest = null;
    for (Waiter w = newest; w != null; w = w.next) {
      if (terminal instanceof Failure f && w.looks()) {
        f.seen = true;
      }
      w.newer = oldest;
      oldest = w;
    }
    for (Waiter w = oldest; w != null;) {
      Waiter newer = w.newer;
      w.newer = null;
      w.next = null;
      w.completed(this);
      w = newer;
    }
  }

  /** Nobody needs to look at its error. */
  final void markSeen() {
    var _ =
        subscribe(
            new Waiter() {
              @Override
              void completed(Ref<?> ref) {}
            });
  }

  /** What a subclass does once, before the waiters are told. */
  void onCompletion() {}

  /** Adds a waiter; false, and it will not be told, if this is complete. */
  final boolean subscribe(Waiter waiter) {
    for (;;) {
      Object s = state;
      if (isTerminal(s)) {
        if (s instanceof Failure f && waiter.looks()) {
          f.seen = true;
        }
        return false;
      }
      waiter.next = (Waiter) s;
      if (STATE.compareAndSet(this, s, waiter)) {
        return true;
      }
    }
  }

  /** Has the wait of that token end when this completes; false if this is complete. */
  boolean endsWait(Runner runner, int token) {
    return subscribe(new Wake(runner, token));
  }

  /** The wait of that token has ended otherwise. */
  @SuppressWarnings("ReferenceEquality") // the very runner
  void forget(Runner runner, int token) {
    for (Waiter w = state instanceof Waiter top ? top : null; w != null; w = w.next) {
      if (w instanceof Wake wake && wake.runner == runner && wake.token == token) {
        abandon(wake);
        return;
      }
    }
  }

  /**
   * Unlinks a waiter that no longer waits, and others like it. It may still be told, which it must
   * ignore: its ref may complete meanwhile. A link only ever moves on past abandoned waiters, so that
   * those who walk or unlink at the same time miss nobody else.
   */
  final void abandon(Waiter waiter) {
    waiter.abandoned = true;
    Object s = state;
    while (s instanceof Waiter top && top.abandoned) {
      STATE.compareAndSet(this, top, top.next);
      s = state;
    }
    if (s instanceof Waiter live) {
      for (Waiter w = live.next; w != null; w = w.next) {
        if (w.abandoned) {
          live.next = w.next;
        } else {
          live = w;
        }
      }
    }
  }

  /** The error that it completed with; null if it is pending or has a value. */
  final @Nullable Throwable error() {
    Object s = state;
    if (s instanceof Failure f) {
      f.seen = true;
      return f.error;
    }
    return null;
  }

  @Override
  public final T now() {
    if (released) {
      throw releasedError();
    }
    return read(null);
  }

  /**
   * The value of a complete ref for one of its instances.
   *
   * @param view the instance whose own copy is wanted; null for this one
   */
  @SuppressWarnings({"unchecked", "NullAway"}) // null is a value of T where the code gave it
  final T read(@Nullable RefView<T> view) {
    Object s = state;
    if (s == NIL) {
      return (T) (Object) null;
    }
    if (s instanceof Failure f) {
      f.seen = true;
      throw f.rethrown();
    }
    if (s instanceof Copied c) {
      return (T) (view == null ? c.first(engine) : c.another(engine));
    }
    if (s == RELEASED) {
      throw releasedError();
    }
    if (!isTerminal(s)) {
      throw new AssertionError("read of a pending ref");
    }
    return (T) s;
  }

  /** The complete value as it crosses to another place: shared, a {@link Copied}, or null. */
  final @Nullable Object raw() {
    Object s = state;
    return s == NIL ? null : s;
  }

  /** The value that is sent or passed on in the place of this. */
  final @Nullable Object sent() {
    Object s = raw();
    if (s == RELEASED) {
      throw releasedError();
    }
    return s;
  }

  static IllegalStateException releasedError() {
    return new IllegalStateException("this ref was released: get its value before release()");
  }

  @Override
  public boolean cancel(CancelScope scope) {
    java.util.Objects.requireNonNull(scope, "scope");
    return false;
  }

  /** Of a call or task: cancels it, and ends the process that runs it. */
  boolean stopByForce() {
    if (isDone()) {
      return false;
    }
    throw new UnsupportedOperationException(
        "cancel(FORCE) ends the worker process that runs a call, but " + this + " runs in this"
            + " process: use cancel(), or have it run in another one, with local().processes(n)");
  }

  @Override
  public final void release() {
    if (state instanceof Copied c) {
      c.releaseFirst();
    }
    released = true;
    dropIfReleased();
  }

  /** Another instance of this ref. */
  final RefView<T> view() {
    VIEWS.getAndAdd(this, 1);
    return new RefView<>(this);
  }

  /** A view of this ref was released. */
  final void viewReleased() {
    VIEWS.getAndAdd(this, -1);
    dropIfReleased();
  }

  private void dropIfReleased() {
    if (released && views == 0) {
      Object s = state;
      if (isTerminal(s) && !(s instanceof Failure) && STATE.compareAndSet(this, s, RELEASED)
          && s instanceof Copied c) {
        c.letGo();
      }
    }
  }

  @Override
  boolean runInTurn(Incarnation actor, TurnRunner runner) {
    throw new AssertionError("a plain ref is not in a mailbox");
  }

  /** A failure, and whether anybody has looked at it. */
  static final class Failure {
    final Throwable error;
    volatile boolean seen;

    Failure(Throwable error) {
      this.error = error;
    }

    RuntimeException rethrown() {
      if (error instanceof MantaException m) {
        return m;
      }
      if (error instanceof Error e) {
        throw e;
      }
      if (error instanceof RuntimeException r) {
        return r;
      }
      return new java.util.concurrent.CompletionException(error);
    }

    void watch(Ref<?> ref) {
      if (!seen && error instanceof MantaException m && Failures.isWorthReporting(m)) {
        Host host = ref.engine.host;
        host.whenUnreachable(ref, () -> reportUnseen(host));
      }
    }

    private void reportUnseen(Host host) {
      if (!seen) {
        seen = true;
        host.report("nobody looked at the error of a call", error);
      }
    }
  }
}
