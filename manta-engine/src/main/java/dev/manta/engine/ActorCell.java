package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.ActorStats;
import dev.manta.CallOptions;
import dev.manta.NotExecutedException;
import dev.manta.Reason;
import dev.manta.RemoteSupplier;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * One actor through all its incarnations: what it is called, how it is built, what is pending, which
 * incarnation lives.
 */
final class ActorCell {
  /** A call under which its actor died as often is not run again: it may well be the cause. */
  static final int MAX_DEATHS = 3;

  static final long FIRST_EPOCH = 1;

  final Engine engine;
  final long number;
  final ActorOptions options;
  final Pending pending;
  final Groups groups;
  private final Capture.Captured constructor;
  private final @Nullable Object @Nullable [] contexts;

  /** Calls that wait for the refs that they captured. */
  private volatile java.util.@Nullable Set<Call<?>> held;

  private volatile Incarnation current;
  private volatile @Nullable Death end;
  private volatile @Nullable String className;
  private @Nullable String label;
  private @Nullable WeakReference<Lease> lease;
  private int restartsLeft;

  /** The epochs of the lives that it had, or may have had, in other processes. */
  private long earlierLives;

  /** Where this process hosts it for others; they keep it alive too. */
  private @Nullable Holding holding;

  private boolean endsWhenUnreachable;
  private @Nullable Pending streamSlots;

  /** Counted by the watchdog's thread. */
  private volatile int stalls;

  private Placement.@Nullable Grant grant;

  ActorCell(Engine engine, long number, ActorOptions options, Capture.Captured constructor) {
    this(engine, number, options, constructor, engine.context.capture());
  }

  ActorCell(
      Engine engine,
      long number,
      ActorOptions options,
      Capture.Captured constructor,
      @Nullable Object @Nullable [] contexts) {
    this.engine = engine;
    this.number = number;
    this.options = options;
    this.constructor = constructor;
    this.contexts = contexts;
    this.pending = new Pending(this, options.maxPendingCalls(), options.maxPendingBytes());
    this.groups = Groups.of(options);
    this.restartsLeft = options.maxRestarts();
    this.current = new Incarnation(this, FIRST_EPOCH);
  }

  GroupState[] newGroups(Incarnation owner) {
    return groups.newStates(owner);
  }

  /** Its name, or its class and number, for messages and threads. */
  String label() {
    String l = label;
    if (l == null) {
      String name = options.name();
      l = name == null ? classAndNumber() : name;
      if (className != null) {
        label = l;
      }
    }
    return l;
  }

  /** This process hosts it for others. */
  void hostedAs(String className, long epoch, int restartsLeft) {
    this.className = FunctionCode.simpleName(className);
    this.earlierLives = epoch - FIRST_EPOCH;
    this.restartsLeft = restartsLeft;
    this.holding = new Holding(this);
  }

  /** How code of this process holds it; null where it alone does. */
  @Nullable Holding holding() {
    return holding;
  }

  /** The simple name of its class, as far as that is known. */
  String className() {
    String c = className;
    return c == null ? "actor" : c;
  }

  /** The full name of its class; null before it is built. */
  @Nullable String instanceClass() {
    Object instance = current.instance;
    return instance == null ? null : instance.getClass().getName();
  }

  /** As in {@code Counter#7}. */
  String classAndNumber() {
    String c = className;
    return (c == null ? "actor" : c) + ActorIds.words(number);
  }

  Incarnation current() {
    return current;
  }

  boolean isDead() {
    return end != null;
  }

  @Nullable Death end() {
    return end;
  }

  /** The limit of elements produced and not consumed over all its streams. */
  Pending streamSlots() {
    synchronized (this) {
      Pending s = streamSlots;
      if (s == null) {
        s = new Pending(options.maxBuffered(), Long.MAX_VALUE);
        streamSlots = s;
      }
      return s;
    }
  }

  // ---- life

  /** Holds the resources that the actor takes for its life. */
  void holds(Placement.Grant grant) {
    this.grant = grant;
  }

  /** Begins the first life. */
  void start() {
    begin(true);
  }

  /** No code of earlier lives runs any more, or none has: begins the latest life. */
  private void begin(boolean isFirst) {
    Incarnation life;
    synchronized (this) {
      life = current;
      if (life.begun || end != null) {
        return;
      }
      life.begun = true;
    }
    construct(life, isFirst ? constructor.function() : constructor.again(engine));
  }

  private void construct(Incarnation incarnation, Object function) {
    Constructor code = new Constructor(this, incarnation, function);
    Call<@Nullable Void> construction = new Call<>(this, code);
    if (contexts != null) {
      construction.extras().contexts = contexts;
    }
    java.time.Duration deadline = options.startDeadline();
    if (deadline != null) {
      construction.extras().deadlineTimer =
          engine.host.schedule(
              deadline.toNanos(),
              () -> incarnation.dieUnlessConstructed(
                  new Death(
                      Reason.ACTOR_DIED,
                      "did not return from its constructor within " + deadline,
                      null,
                      true)));
    }
    incarnation.construct(construction);
  }

  /* A class and not a lambda, since this is on the path of a program's start. */
  private record Constructor(ActorCell cell, Incarnation incarnation, Object function)
      implements Body.Internal {
    @Override
    public @Nullable Object run(@Nullable Object nothing) throws Exception {
      RemoteSupplier<?> code =
          (RemoteSupplier<?>) (function instanceof Parcel p ? p.function(cell.engine) : function);
      Object instance =
          java.util.Objects.requireNonNull(code.get(), "the constructor returned null");
      cell.built(incarnation, instance);
      return null;
    }
  }

  private void built(Incarnation incarnation, Object instance) {
    if (className == null) {
      className = instance.getClass().getSimpleName();
    }
    groups.check(instance.getClass());
    MethodNames.check(
        instance.getClass(), options.methodRetries().keySet(), "the retries name");
    Actors.register(instance);
    incarnation.instance = instance;
    Peers peers = engine.peers();
    if (peers != null) {
      peers.hosting.built(this, earlierLives + incarnation.epoch, restartsLeft);
    }
    if (instance instanceof AutoCloseable && holding == null) {
      endWhenUnreachable();
    }
  }

  /** An incarnation has ended: another one begins, or the actor is dead. */
  void incarnationDied(Incarnation dead, Death why, boolean restart) {
    boolean goesOn = false;
    synchronized (this) {
      if (current != dead || end != null) {
        return;
      }
      if (restart && !why.graceful() && restartsLeft > 0 && !engine.isClosed()) {
        restartsLeft--;
        goesOn = true;
        current = new Incarnation(this, dead.epoch + 1);
      } else {
        end = why;
      }
    }
    if (goesOn) {
      if (dead.begun) { // else an earlier one has the latest begin
        dead.whenQuiet(() -> begin(false));
      }
      return;
    }
    engine.actors.ended(this);
    Peers peers = engine.peers();
    if (peers != null) {
      peers.hosting.ended(this, why);
    }
    tellHeld(why);
    Placement.Grant g = grant;
    if (g != null) {
      g.release();
    }
    pending.refuseAll(
        new NotExecutedException(
            why.reason(), "the actor " + label() + " " + why.what(), why.cause()));
  }

  void kill(Reason reason, String what, boolean graceful, boolean restart) {
    kill(new Death(reason, what, null, graceful), restart);
  }

  void kill(Death why, boolean restart) {
    for (;;) {
      Incarnation life = current;
      life.die(why, restart);
      if (restart || isDead()) {
        return;
      }
      engine.host.yieldThread(); // another death, with a restart, was first: the next life ends too
    }
  }

  // ---- calls

  /** Has a call, which has entered and whose dependencies are ready, started. By any thread. */
  void submit(Call<?> call) {
    if (!call.step(Work.WAITING, Work.QUEUED)) {
      call.leave();
      return;
    }
    submitQueued(call);
  }

  /** As {@link #submit}, after the call's step to the mailbox. */
  void submitQueued(Call<?> call) {
    Death d = end;
    if (d != null) {
      call.died(d);
      call.leave();
    } else {
      current.submit(call);
    }
  }

  /** As {@link #submit}, once the refs that the call captured are complete. */
  void submitWhenReady(Call<?> call, java.util.List<Ref<?>> dependencies) {
    if (Gate.isOpen(dependencies)) {
      Gate.hold(call, dependencies, () -> submit(call));
      return;
    }
    java.util.Set<Call<?>> all = heldCalls();
    all.add(call);
    Gate.hold(
        call,
        dependencies,
        () -> {
          all.remove(call);
          submit(call);
        });
    Death d = end;
    if (d != null) {
      tellHeld(d);
    }
  }

  /** Whether calls wait for the refs that they captured. */
  boolean holdsCalls() {
    java.util.Set<Call<?>> all = held;
    return all != null && !all.isEmpty();
  }

  /** Few actors ever hold a call. */
  private java.util.Set<Call<?>> heldCalls() {
    synchronized (this) {
      java.util.Set<Call<?>> all = held;
      if (all == null) {
        all = java.util.concurrent.ConcurrentHashMap.newKeySet();
        held = all;
      }
      return all;
    }
  }

  private void tellHeld(Death why) {
    java.util.Set<Call<?>> all = held;
    if (all != null) {
      all.forEach(call -> call.died(why));
    }
  }

  /** A queued call was dropped: takes it out of its list in a turn. */
  void purge(Call<?> call) {
    Incarnation incarnation = current;
    incarnation.schedule(
        new Item() {
          @Override
          boolean runInTurn(Incarnation actor, TurnRunner runner) {
            actor.purge(call);
            return true;
          }
        });
  }

  /** Whether a failed call is run again; then it has been submitted. */
  boolean retries(Call<?> call, Throwable error) {
    Extras extras = call.extrasOrNull();
    return extras != null && extras.covers(error) && again(call, extras);
  }

  /** Whether a call that an incarnation's death hit is run again by the next one. */
  boolean retriesAfterDeath(Call<?> call, Death why) {
    Extras extras = call.extrasOrNull();
    if (extras == null || extras.retriesLeft <= 0 || why.graceful() || end != null) {
      return false;
    }
    synchronized (extras) {
      if (call.isDone() || call.isSuperseded()) {
        return false;
      }
      if (call.phase() == Work.STARTED && ++extras.deathsWhileRunning == MAX_DEATHS) {
        return false;
      }
    }
    return again(call, extras);
  }

  private <T extends @Nullable Object> boolean again(Call<T> call, Extras extras) {
    ActorHandle<?> target = call.target();
    Capture.Captured captured = extras.pristine;
    if (target == null || captured == null) {
      return false;
    }
    if (extras.claimAttempt()) {
      Call<T> next =
          new Call<>(target, captured.again(engine), call.body, call.group, call.size);
      next.succeeds(extras);
      pending.enter(call.size);
      call.supersede(next);
      submit(next);
    }
    return true;
  }

  // ---- handles

  /** The handle that its creator gets. */
  <A> ActorHandle<A> firstHandle() {
    Lease first = new Lease(this);
    lease = new WeakReference<>(first);
    return new ActorHandle<>(this, first, CallOptions.DEFAULT);
  }

  /** A handle that does not keep the actor alive. */
  <A> ActorHandle<A> ownHandle() {
    return new ActorHandle<>(this, null, CallOptions.DEFAULT);
  }

  /** A further handle that keeps the actor alive; one that does not where nothing does any more. */
  <A> ActorHandle<A> newHandle() {
    return new ActorHandle<>(this, lease(), CallOptions.DEFAULT);
  }

  /** A further handle that keeps the actor alive; null where nothing does any more. */
  <A> @Nullable ActorHandle<A> liveHandle() {
    Lease l = lease();
    return l == null ? null : new ActorHandle<>(this, l, CallOptions.DEFAULT);
  }

  private @Nullable Lease lease() {
    Holding h = holding;
    if (h != null) {
      return h.lease();
    }
    WeakReference<Lease> l = lease;
    return l == null ? null : l.get();
  }

  /** Has the actor end when its last handle is unreachable, since something must be done then. */
  void endWhenUnreachable() {
    synchronized (this) {
      if (endsWhenUnreachable) {
        return;
      }
      endsWhenUnreachable = true;
    }
    Lease l = lease();
    if (l == null) {
      unreachable();
    } else {
      engine.host.whenUnreachable(l, this::unreachable);
    }
  }

  /** Nobody can call it any more. */
  void unreachable() {
    if (!isDead()) {
      kill(Reason.ACTOR_DIED, "ended because nothing held a handle to it", true, false);
    }
  }

  // ---- a look inside

  @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
  void stalled() {
    stalls++;
  }

  @Override
  public String toString() {
    return label();
  }

  ActorStats stats() {
    Incarnation i = current;
    long life;
    synchronized (this) {
      life = options.maxRestarts() - restartsLeft + 1L;
    }
    long started = 0;
    for (GroupState g : i.groups) {
      started += g.started();
    }
    return new ActorStats(
        label(), life, pending.calls(), started, i.peakStarted(),
        pending.finished(),
        stalls);
  }
}
