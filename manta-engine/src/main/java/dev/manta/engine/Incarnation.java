package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One life of an actor: its instance, its mailbox and its turn.
 *
 * <p>What "in a turn" says of a field or method: only the holder of the turn touches it. The lists
 * of calls are also guarded by this object's monitor, so that a kill finds the calls of an actor
 * whose turn hangs; the monitor is held for a few instructions and no other lock is taken under it.
 */
final class Incarnation extends Mailbox {
  /** Items after which a runner lets other threads run. */
  private static final int ITEMS_BEFORE_YIELD = 1024;

  private static final VarHandle BATCH;

  static {
    try {
      BATCH = MethodHandles.lookup().findVarHandle(Incarnation.class, "batch", Item.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final ActorCell cell;
  final long epoch;
  final GroupState[] groups;

  /** Calls that have started and whose code has not returned on the thread that started it. */
  final CallList started = new CallList();

  volatile @Nullable Object instance;

  /** Who holds the turn, for the watchdog and for a kill; null while it is handed over or idle. */
  volatile @Nullable TurnRunner holder;

  /** Items begun: the watchdog sees a turn that is held by its standing still. In a turn. */
  long items;

  /** The watchdog looks at this incarnation. */
  volatile boolean watched;

  private volatile @Nullable Death death;
  private volatile boolean constructing = true;
  private @Nullable Call<?> construction;
  private @Nullable Item batch;
  private @Nullable Call<?> nextStart;
  private int peakStarted;

  Incarnation(ActorCell cell, long epoch) {
    this.cell = cell;
    this.epoch = epoch;
    this.groups = cell.newGroups();
  }

  /** Begins this life by constructing the instance. */
  void construct(Call<?> construction) {
    this.construction = construction;
    schedule(construction);
  }

  boolean hasTurns() {
    return cell.options.kind() != ActorOptions.Kind.THREADED;
  }

  boolean isDead() {
    return death != null;
  }

  @Nullable Death death() {
    return death;
  }

  // ---- the turn

  /** Has an item done in a turn. By any thread. */
  void schedule(Item item) {
    if (!isHeld()) {
      StackProbe.ensureRoom();
    }
    if (offer(item)) {
      dispatch(item);
    }
  }

  /** Has a call started in a turn, or told that it can't be. By any thread. */
  void submit(Call<?> call) {
    schedule(call);
    Death d = death;
    if (d != null) {
      died(call, d);
    }
  }

  /** Gives the turn, which the caller holds, to the runner that the item needs. */
  private void dispatch(Item item) {
    if (item instanceof TurnRunner waiting) {
      waiting.grant();
    } else {
      startRunner(item);
    }
  }

  private void startRunner(Item item) {
    try {
      TurnRunner runner = new TurnRunner(this, item);
      cell.engine.host.startTurns(cell.label(), cell.options.hasDedicatedThread(), runner);
    } catch (Throwable e) {
      cell.engine.host.report("no thread for " + cell.label() + ": trying again", e);
      cell.engine.host.schedule(10_000_000, () -> startRunner(item));
    }
  }

  void hold(TurnRunner runner) {
    holder = runner;
    if (!watched) {
      cell.engine.watchdog.watch(this);
    }
  }

  /** Does items until there are none or the turn is another runner's. */
  void runTurns(TurnRunner runner, @Nullable Item first) {
    Item item = first;
    for (int n = ITEMS_BEFORE_YIELD;; n--) {
      if (item == null) {
        item = poll();
        if (item == null) {
          holder = null;
          if (release()) {
            return;
          }
          holder = runner;
          continue;
        }
      }
      items++;
      Item now = item;
      item = null;
      try {
        if (!now.runInTurn(this, runner)) {
          return;
        }
      } catch (Throwable e) {
        cell.engine.host.report("a turn of " + cell.label() + " went wrong", e);
      }
      if (n == 0) {
        n = ITEMS_BEFORE_YIELD;
        cell.engine.host.yieldThread();
      }
    }
  }

  /** The runner's call waits: lets others have the turn. In a turn, which ends. */
  void passTurn(TurnRunner runner) {
    for (;;) {
      Item item = poll();
      if (item == null) {
        holder = null;
        if (release()) {
          return;
        }
      } else if (item == runner) {
        runner.resumed = true;
        return;
      } else if (!(item instanceof Call<?> call && !canStart(call))) {
        holder = null;
        dispatch(item);
        return;
      }
    }
  }

  /** The next item, oldest first; a freed place's call is older than all. In a turn. */
  private @Nullable Item poll() {
    Call<?> freed = nextStart;
    if (freed != null) {
      nextStart = null;
      return freed;
    }
    Item item = batch;
    if (item == null) {
      synchronized (this) {
        item = takeAll();
        if (item == null) {
          return null;
        }
        BATCH.setRelease(this, item);
      }
    }
    BATCH.setRelease(this, item.next);
    item.next = null;
    return item;
  }

  // ---- starting calls, in a turn

  /** Whether a call may start now; defers it if it must wait for a place. */
  private boolean canStart(Call<?> call) {
    if (call.phase() != Work.QUEUED || death != null) {
      return true;
    }
    GroupState group = groups[call.group];
    if (call != construction && (constructing || group.started >= group.max)) {
      synchronized (this) {
        group.deferred.add(call);
      }
      if (call.phase() == Work.DROPPED) {
        purge(call);
      }
      return false;
    }
    return true;
  }

  /** Starts a call, or defers it, or finds that it was dropped. */
  boolean start(Call<?> call, TurnRunner runner) {
    Death d = death;
    if (d != null) {
      died(call, d);
      return true;
    }
    if (!canStart(call)) {
      return true;
    }
    runner.work = call;
    if (!call.step(Work.QUEUED, Work.STARTED)) {
      runner.work = null;
      call.leave();
      return true;
    }
    GroupState group = groups[call.group];
    int now = group.started + 1;
    group.started = now;
    if (now > peakStarted) {
      peakStarted = now;
    }
    if (hasTurns() || call == construction) {
      call.runsOn(runner);
      run(call);
      runner.work = null;
      clearInterrupt();
    } else {
      runner.work = null;
      link(call);
      startParallel(call);
    }
    return true;
  }

  /** A call's interrupt flag does not reach the next call. */
  private static void clearInterrupt() {
    var _ = Thread.interrupted();
  }

  private void startParallel(Call<?> call) {
    Engine engine = cell.engine;
    engine.host.startTurns(
        cell.label(),
        cell.options.hasDedicatedThread(),
        () -> {
          ThreadRunner runner = new ThreadRunner(engine, call, true);
          runner.enter();
          call.runsOn(runner);
          run(call);
        });
  }

  /** Notes that a call outlives the run of its code on the thread that started it. */
  void link(Call<?> call) {
    synchronized (this) {
      if (call.list == null) {
        started.add(call);
      }
    }
  }

  /** Runs the code of a call to its return, and concludes it. */
  private void run(Call<?> call) {
    call.tell(Events.Kind.STARTED);
    Object function = java.util.Objects.requireNonNull(call.function);
    Object result = null;
    Throwable thrown = null;
    try {
      result = cell.engine.context.run(call, function, instance);
    } catch (Throwable e) {
      thrown = e;
    }
    if (thrown instanceof ExitSignal) {
      die(new Death(Reason.ACTOR_DIED, "has exited", null, true), false);
    }
    if (thrown == null && call.body.returnsStage()) {
      follow(call, result);
    } else {
      conclude(call, function, result, thrown);
    }
  }

  /** The code of a call has returned a stage: the call ends when that does. */
  private void follow(Call<?> call, @Nullable Object result) {
    Object function = java.util.Objects.requireNonNull(call.function);
    if (!(result instanceof CompletionStage<?> stage)) {
      conclude(
          call, function, null,
          new NullPointerException("callAsync: the method returned no stage"));
      return;
    }
    link(call);
    var _ =
        stage.whenComplete(
            (value, error) -> {
              call.function = new StageOutcome(function, value, error);
              if (hasTurns()) {
                schedule(call);
              } else {
                conclude(call, function, value, StageOutcome.unwrap(error));
              }
            });
  }

  /** In the mailbox for the second time: its stage has completed, or its thread has ended. */
  void finish(Call<?> call) {
    if (call.function instanceof StageOutcome outcome) {
      conclude(call, outcome.function(), outcome.value(), StageOutcome.unwrap(outcome.error()));
    } else {
      free(call);
    }
  }

  /** The code of a call has ended: takes its result, frees its place, completes its ref. */
  private void conclude(
      Call<?> call, Object function, @Nullable Object result, @Nullable Throwable thrown) {
    Object value = null;
    Throwable error = thrown;
    boolean wanted = !call.isDone() && !call.isSuperseded();
    if (error == null && wanted) {
      try {
        value = cell.engine.copies.take(call, result);
      } catch (Throwable e) {
        error = e;
      }
    }
    if (call == construction) {
      constructed(error);
    }
    if (error != null && wanted && cell.retries(call, error)) {
      wanted = false;
    }
    Throwable failure =
        error == null || !wanted
            ? null
            : Failures.application(call, function, error);
    call.tell(Events.Kind.ENDED);
    call.end();
    if (hasTurns() || call == construction) {
      free(call);
    }
    call.leave();
    if (failure != null) {
      call.fail(failure);
    } else if (wanted) {
      call.complete(value);
    }
    if (!hasTurns() && call != construction) {
      schedule(call);
    }
  }

  /** Frees the place of a call and has the next one of its group started. In a turn. */
  private void free(Call<?> call) {
    GroupState group = groups[call.group];
    int now = group.started - 1;
    group.started = now;
    if (call.list != null || group.deferred.first() != null) {
      synchronized (this) {
        if (call.list == started) {
          started.remove(call);
        }
        if (nextStart == null && !constructing && now < group.max) {
          nextStart = group.deferred.removeFirst();
        }
      }
    }
  }

  private void constructed(@Nullable Throwable error) {
    if (error != null) {
      die(
          new Death(
              Reason.ACTOR_DIED,
              "could not be constructed: " + error,
              cell.engine.copies.throwable(error),
              true),
          false);
      return;
    }
    constructing = false;
    synchronized (this) {
      Item oldest = batch;
      for (int i = groups.length - 1; i >= 0; i--) {
        oldest = prepend(groups[i].deferred, oldest);
      }
      BATCH.setRelease(this, oldest);
    }
  }

  private static @Nullable Item prepend(CallList list, @Nullable Item tail) {
    Item head = null;
    Item last = null;
    for (Call<?> c = list.removeFirst(); c != null; c = list.removeFirst()) {
      c.next = null;
      if (last == null) {
        head = c;
      } else {
        last.next = c;
      }
      last = c;
    }
    if (last == null) {
      return tail;
    }
    last.next = tail;
    return head;
  }

  /** A deferred call was dropped. In a turn. */
  void purge(Call<?> call) {
    synchronized (this) {
      CallList list = call.list;
      if (list != null && list != started && call.phase() == Work.DROPPED) {
        list.remove(call);
        call.leave();
      }
    }
  }

  // ---- death

  /**
   * Ends this life: no call starts any more, every pending one is told at once, though the turn may
   * hang. By any thread; the first one counts.
   */
  void die(Death why, boolean restart) {
    synchronized (this) {
      if (death != null) {
        return;
      }
      death = why;
    }
    cell.incarnationDied(this, why, restart);
    tellAll(why);
    schedule(new Funeral(why));
  }

  void dieUnlessConstructed(Death why) {
    if (constructing) {
      die(why, false);
    }
  }

  /** Tells every call that is in a place where a kill can see it. */
  @SuppressWarnings("ReferenceEquality") // whether the list has been walked on
  private void tellAll(Death why) {
    java.util.List<Call<?>> calls = new java.util.ArrayList<>();
    synchronized (this) {
      collect(calls, started);
      for (GroupState g : groups) {
        collect(calls, g.deferred);
      }
      Item b;
      do {
        b = (Item) BATCH.getAcquire(this);
        for (Item i = b; i != null; i = i.next) {
          if (i instanceof Call<?> c) {
            calls.add(c);
          }
        }
      } while (b != BATCH.getAcquire(this));
      for (Item i = newest(); i != null; i = i.next) {
        if (i instanceof Call<?> c) {
          calls.add(c);
        }
      }
    }
    TurnRunner h = holder;
    if (h != null && h.work instanceof Call<?> running && h.owns) {
      calls.add(running);
    }
    for (Call<?> call : calls) {
      died(call, why);
    }
  }

  private static void collect(java.util.List<Call<?>> calls, CallList list) {
    for (Call<?> c = list.first(); c != null; c = c.after) {
      calls.add(c);
    }
  }

  private void died(Call<?> call, Death why) {
    if (call != construction && cell.retriesAfterDeath(call, why)) {
      return;
    }
    call.died(why);
    call.leave();
  }

  /** The last item: what ends in a turn. */
  private final class Funeral extends Item {
    private final Death why;

    Funeral(Death why) {
      this.why = why;
    }

    @Override
    boolean runInTurn(Incarnation actor, TurnRunner runner) {
      if (why.graceful() && instance instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Throwable e) {
          cell.engine.host.report("close() of " + cell.label() + " threw", e);
        }
      }
      return true;
    }
  }

  /** Thrown by {@code Manta.exit()}. */
  static final class ExitSignal extends Error {
    private static final long serialVersionUID = 1L;

    ExitSignal() {
      super("Manta.exit()", null, false, false);
    }
  }

  /** The threads of its calls that have started and wait. */
  java.util.List<Thread> suspendedThreads() {
    java.util.List<Call<?>> calls = new java.util.ArrayList<>();
    synchronized (this) {
      collect(calls, started);
    }
    java.util.List<Thread> threads = new java.util.ArrayList<>();
    for (Call<?> call : calls) {
      Runner runner = call.runner();
      if (runner != null && runner != holder && runner.thread != null) {
        threads.add(runner.thread);
      }
    }
    return threads;
  }

  int peakStarted() {
    return peakStarted;
  }
}
