package dev.manta.engine;

import dev.manta.CancelScope;
import dev.manta.NotExecutedException;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Something submitted that runs once an attempt: a call or a task. It is its own first ref.
 *
 * <p>Its code's life: {@link #WAITING} (for captured refs) to {@link #QUEUED} to {@link #STARTED} to
 * {@link #ENDED}; or {@link #DROPPED} from either of the first two, and then it never starts. Each
 * step is one compare-and-set, so that "not executed" is never said of what runs. The ref may
 * complete before the code has ended: by cancel, deadline or death.
 */
abstract class Work<T extends @Nullable Object> extends Ref<T> {
  static final int WAITING = 0;
  static final int QUEUED = 1;
  static final int STARTED = 2;
  static final int ENDED = 3;
  static final int DROPPED = 4;

  private static final byte NOT_CANCELLED = 0;
  private static final byte CANCEL_REQUESTED = 1;
  private static final byte CANCEL_DELIVERED = 2;
  private static final byte GRACE_OVER = 3;

  private static final VarHandle PHASE;
  private static final VarHandle EXTRAS;
  private static final VarHandle RUNNER;

  static {
    try {
      PHASE = MethodHandles.lookup().findVarHandle(Work.class, "phase", int.class);
      EXTRAS = MethodHandles.lookup().findVarHandle(Work.class, "extras", Extras.class);
      RUNNER = MethodHandles.lookup().findVarHandle(Work.class, "runner", Runner.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What is run; null when no attempt will need it any more. */
  @Nullable Object function;

  final Body body;

  private volatile int phase;
  private volatile byte cancel;
  private volatile @Nullable Runner runner;
  private volatile @Nullable Ref<?> waitsFor;
  private volatile @Nullable Extras extras;

  /** The work that submitted this one, until this is complete. */
  @Nullable Work<?> parent;

  /* The links of the parent's set of children, guarded by the parent's extras. */
  @Nullable Work<?> earlierSibling;
  @Nullable Work<?> laterSibling;

  /** The link of {@link Losses}. */
  @Nullable Work<?> nextLost;

  Work(Engine engine, Object function, Body body) {
    super(engine);
    this.function = function;
    this.body = body;
  }

  final Extras extras() {
    Extras e = extras;
    if (e == null) {
      e = new Extras();
      if (!EXTRAS.compareAndSet(this, null, e)) {
        e = Objects.requireNonNull(extras);
      }
    }
    return e;
  }

  final @Nullable Extras extrasOrNull() {
    return extras;
  }

  // ---- phases

  final int phase() {
    return phase;
  }

  final boolean step(int from, int to) {
    return PHASE.compareAndSet(this, from, to);
  }

  /** As a step from {@link #WAITING} to {@link #QUEUED}, where only its own thread knows it yet. */
  final void queueUnseen() {
    PHASE.setOpaque(this, QUEUED);
  }

  /** The code has ended: the ref is complete or becomes so by somebody else. */
  final void end() {
    RUNNER.setRelease(this, null);
    function = null;
    PHASE.setRelease(this, ENDED); // and whoever completes it makes this seen
  }

  /** Makes sure that it never starts; false if it has, or had been dropped. */
  final boolean drop() {
    if (step(WAITING, DROPPED)) {
      function = null;
      droppedWhileWaiting();
      return true;
    }
    if (step(QUEUED, DROPPED)) {
      function = null;
      droppedWhileQueued();
      return true;
    }
    return false;
  }

  /** Makes sure that it never starts; true if no earlier attempt has either. */
  final boolean neverRan() {
    Extras e = extras;
    return (drop() || phase == DROPPED) && (e == null || !e.ranBefore);
  }

  /** Its submission failed halfway: it will not run, unless it does already. */
  abstract void takeBack();

  /** Gives back what it holds without being in a queue. */
  abstract void droppedWhileWaiting();

  /** Gets it out of the queue in which it stands, some time soon. */
  abstract void droppedWhileQueued();

  // ---- its code runs

  final void runsOn(Runner runner) {
    RUNNER.setRelease(this, runner); // seen by whoever sees it started
  }

  final @Nullable Runner runner() {
    return runner;
  }

  final @Nullable Ref<?> waitsFor() {
    return waitsFor;
  }

  /**
   * Its code begins to wait.
   *
   * @return null; or why the wait would never end
   */
  final @Nullable String beginWait(Runner by, Ref<?> ref) {
    runner = by;
    waitsFor = ref;
    tell(Events.Kind.SUSPENDED);
    beginsToWait();
    if (cancel == CANCEL_REQUESTED || cancel == GRACE_OVER) {
      by.wake();
      return null;
    }
    return EndlessWaits.chain(this, ref);
  }

  /** A hook of {@link #beginWait}. */
  void beginsToWait() {}

  /** Waits for a captured ref before it is queued. */
  final void waitsForDependency(@Nullable Ref<?> ref) {
    waitsFor = ref;
  }

  final void endWait() {
    waitsFor = null;
  }

  /** Refuses to wait while this thread holds the actor's monitor. */
  void refuseUnderMonitor() {}

  /** At an await point: delivers a cancel, once. */
  final void throwIfCancelled() {
    if (cancel != NOT_CANCELLED) {
      noteInterrupt();
      deliverCancel();
    }
  }

  private void deliverCancel() {
    byte c = cancel;
    if (c == CANCEL_DELIVERED) {
      return;
    }
    if (c == CANCEL_REQUESTED) {
      if (runner instanceof TaskRunner r) {
        r.dropInterrupt();
      }
      delivered();
      throw new CancellationException(this + " was cancelled");
    }
    throw new CancellationException(
        this + " was cancelled, and its clean-up took longer than its grace");
  }

  /** An InterruptedException in its own code was the delivery of its cancel. */
  private void noteInterrupt() {
    if (cancel == CANCEL_REQUESTED && runner instanceof TaskRunner r && r.hasTakenInterrupt()) {
      learntOfCancel();
    }
  }

  private void delivered() {
    cancel = CANCEL_DELIVERED;
    engine.host.schedule(engine.cancelGraceNs, this::graceIsOver);
  }

  /**
   * Its own code has learnt otherwise that it is cancelled: a cancel that is under way is not
   * delivered again.
   */
  final void learntOfCancel() {
    List<Work<?>> children;
    synchronized (extras()) {
      if (cancel >= CANCEL_DELIVERED) {
        return;
      }
      children = cancel == NOT_CANCELLED ? extras().children() : List.of();
      delivered();
    }
    Extras.cancelAll(children, Reason.CANCELLED);
  }

  private void graceIsOver() {
    if (phase == STARTED) {
      cancel = GRACE_OVER;
      Runner r = runner;
      if (r != null) {
        r.wake();
      }
    }
  }

  final boolean isCancelRequested() {
    return cancel != NOT_CANCELLED;
  }

  // ---- its end

  @Override
  final void onCompletion() {
    Work<?> p = parent;
    if (p != null) {
      parent = null;
      p.removeChild(this);
    }
    Extras e = extras;
    Host.Timer timer = e == null ? null : e.deadlineTimer;
    if (timer != null) {
      timer.cancel();
    }
  }

  @Override
  public final boolean cancel(CancelScope scope) {
    Objects.requireNonNull(scope, "scope");
    return scope == CancelScope.FORCE
        ? stopByForce()
        : stop(Reason.CANCELLED, scope == CancelScope.WITH_CHILDREN);
  }

  /** Its deadline has passed. */
  final void expire() {
    Work<?> p = parent;
    Extras theirs = p == null ? null : p.extras;
    if (p != null && theirs != null && theirs.hasDeadline
        && theirs.deadlineNs - extras().deadlineNs <= 0) {
      p.expire(); // first, so that its code does not take this one's end for its own error
    }
    stop(Reason.DEADLINE, true);
  }

  /** Completes it at once, and tells its code if that has started. */
  final boolean stop(Reason reason, boolean withChildren) {
    if (isDone()) {
      return false;
    }
    Work<?> next = successor();
    if (next != null) {
      boolean stopped = next.stop(reason, withChildren);
      if (next.isDone()) {
        new Relay(this).completed(next); // whoever completed it may not have come to tell this one
      }
      return stopped;
    }
    String words = toString();
    if (neverRan()) {
      next = successor(); // published before the attempt that it follows is dropped
      return next != null
          ? stop(reason, withChildren)
          : fail(Failures.notExecuted(reason, words, null));
    }
    if (asksToStop(reason, withChildren)) {
      return true;
    }
    if (!fail(Failures.outcomeUnknown(reason, words, null))) {
      return false;
    }
    next = successor();
    if (next != null) {
      next.stop(reason, withChildren);
    }
    tellCode(reason, withChildren);
    return true;
  }

  /** Tells the code, which has started, that it is cancelled. */
  private void tellCode(Reason reason, boolean withChildren) {
    if (phase != STARTED) {
      return;
    }
    /* Under the lock of addChild: what clean-up code starts is no child to cancel. */
    List<Work<?>> children;
    synchronized (extras()) {
      if (cancel != NOT_CANCELLED) {
        return;
      }
      cancel = CANCEL_REQUESTED;
      children = extras().children();
    }
    if (withChildren) {
      Extras.cancelAll(children, reason);
    }
    Runner r = runner;
    if (r != null && !r.wake()) {
      interruptCode(r);
    }
  }

  /** Whether another process, which has it, was told to stop it and will say how it ends. */
  abstract boolean asksToStop(Reason reason, boolean withChildren);

  /** Interrupts code that is not at an await point, where that is safe. */
  void interruptCode(Runner runner) {}

  /** Completes it with what its actor's death means for it. */
  final void died(Death death) {
    String words = toString();
    if (isDone() || isSuperseded()) {
      return;
    }
    if (neverRan()) {
      if (isSuperseded()) {
        return;
      }
      fail(
          new NotExecutedException(
              death.reason(), death.message(words, "was not executed"), death.cause()));
    } else if (fail(
        new OutcomeUnknownException(
            death.reason(), death.message(words, "may have run") + extras().history(),
            death.cause()))) {
      tellCode(death.reason(), true);
    }
  }

  // ---- its deadline and context

  /** Takes over what travels with calls. Before it is submitted. */
  final void inherit(@Nullable Work<?> from, java.time.@Nullable Duration deadline) {
    @Nullable Object[] contexts = engine.context.capture();
    if (contexts != null) {
      extras().contexts = contexts;
    }
    Extras theirs = from == null ? null : from.extras;
    boolean inherited = theirs != null && theirs.hasDeadline;
    if (deadline == null && !inherited) {
      return;
    }
    Extras e = extras();
    e.hasDeadline = true;
    if (deadline != null) {
      e.deadlineNs = engine.host.nanoTime() + deadline.toNanos();
    }
    if (theirs != null
        && theirs.hasDeadline
        && (deadline == null || e.deadlineNs - theirs.deadlineNs > 0)) {
      e.deadlineNs = theirs.deadlineNs;
    }
  }

  /** Has it expire at its deadline, whether that is its own or inherited. */
  final void startDeadline() {
    Extras e = extras;
    if (e != null && e.hasDeadline && !isDone()) {
      Host.Timer timer = engine.host.schedule(deadlineLeftNs(), this::expire);
      e.deadlineTimer = timer;
      if (isDone()) {
        timer.cancel();
      }
    }
  }

  /** The time to its deadline in nanoseconds; {@link Waits#FOREVER} without one. */
  final long deadlineLeftNs() {
    Extras e = extras;
    return e == null || !e.hasDeadline ? Waits.FOREVER : e.deadlineNs - engine.host.nanoTime();
  }

  // ---- attempts

  /** Takes over what an earlier attempt was submitted with. */
  final void succeeds(Extras theirs) {
    extras().follow(theirs);
  }

  /** Which attempt this is, from 1. */
  final int attempt() {
    Extras e = extras;
    return e == null ? 1 : e.attempt;
  }

  /** The next attempt, whose end is this one's; null while this is the last. */
  final @Nullable Work<?> successor() {
    Extras e = extras;
    return e == null ? null : e.successor;
  }

  final boolean isSuperseded() {
    return successor() != null;
  }

  /** Lets another attempt stand for this one: it completes this, and is what a cancel reaches. */
  final void supersede(Work<T> another) {
    Relay relay = new Relay(this);
    if (!another.subscribe(relay)) {
      relay.completed(another);
    }
    Extras e = extras();
    e.successor = another;
    boolean endedByAnother = !drop() && phase == DROPPED;
    another.extras().ranBefore = phase != DROPPED || e.ranBefore;
    if (endedByAnother || isDone()) {
      another.stop(Reason.CANCELLED, true);
    }
    tellCode(Reason.CANCELLED, true);
  }

  // ---- children

  /**
   * Adds a child, which is cancelled with this.
   *
   * @return false if this has been cancelled and its code not told yet: the child must not start
   */
  final boolean addChild(Work<?> child) {
    noteInterrupt();
    Extras e = extras();
    synchronized (e) {
      e.addChild(child);
      child.parent = this;
      return cancel != CANCEL_REQUESTED;
    }
  }

  private void removeChild(Work<?> child) {
    Extras e = extras();
    synchronized (e) {
      e.removeChild(child);
    }
  }

  // ---- words

  /** Tells who records it what happens to this. */
  final void tell(Events.Kind kind) {
    Events events = engine.events;
    if (events.wants(kind)) {
      events.record(kind, toString(), System.identityHashCode(this));
    }
  }

  /** What a thread is called that runs it. */
  abstract String threadName(Object function);

  /** What runs, for messages: {@code Counter.add}. */
  final String methodName() {
    Object f = function;
    return f == null || body == Body.INTERNAL
        ? "a call"
        : f instanceof Parcel p ? p.methodName()
        : FunctionShape.of(f).methodName(f);
  }
}
