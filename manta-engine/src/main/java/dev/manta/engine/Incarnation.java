package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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

  /** So few items between two looks at an empty mailbox are questions and answers. */
  private static final int FEW_ITEMS = 4;

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
  final CallList started = new CallList(this);

  volatile @Nullable Object instance;

  /** Who holds the turn, for the watchdog and for a kill; null while it is handed over or idle. */
  volatile @Nullable TurnRunner holder;

  /** Items begun: the watchdog sees a turn that is held by its standing still. In a turn. */
  long items;

  /** The watchdog looks at this incarnation. */
  volatile boolean watched;

  private volatile @Nullable Death death;
  private @Nullable Runnable whenQuiet;
  private volatile boolean constructing = true;
  private @Nullable Call<?> construction;
  private @Nullable Item batch;
  private @Nullable Call<?> nextStart;
  private int peakStarted;

  Incarnation(ActorCell cell, long epoch) {
    this.cell = cell;
    this.epoch = epoch;
    this.groups = cell.newGroups(this);
  }

  /** Begins this life by constructing the instance. */
  void construct(Call<?> construction) {
    this.construction = construction;
    schedule(construction);
  }

  /** Whether a call is the construction of the instance. */
  boolean isConstruction(Call<?> call) {
    return call == construction;
  }

  boolean hasTurns() {
    return cell.options.kind() != ActorOptions.Kind.THREADED;
  }

  boolean isDead() {
    return death != null;
  }

  @Nullable Death death() {
    Death d = death;
    return d == null && cell.engine.isClosed() ? Death.CLOSED : d;
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
    int sinceEmpty = 0;
    for (int n = ITEMS_BEFORE_YIELD;; n--) {
      if (item == null) {
        item = poll();
        if (item == null) {
          holder = null;
          if (sinceEmpty > 0 && sinceEmpty <= FEW_ITEMS) {
            cell.engine.host.yieldThread(); // whoever got an answer may well ask again
          } else if (release()) {
            return;
          }
          holder = runner;
          sinceEmpty = 0;
          continue;
        }
      }
      items++;
      sinceEmpty++;
      Item now = item;
      item = null;
      try {
        if (!now.runInTurn(this, runner) || runner.isOffTurn()) {
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
      } else if (mayHaveTurn(item)) {
        holder = null;
        dispatch(item);
        return;
      }
    }
  }

  /** Whether an item needs a turn: a call that must wait for a place is deferred here. */
  private boolean mayHaveTurn(Item item) {
    return switch (item) {
      case Call<?> call -> canStart(call);
      case TurnRunner waiting -> !waiting.isOffTurn();
      default -> true;
    };
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
    if (call != construction && (constructing || group.started() >= group.max)) {
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
    Death d = death();
    if (d != null) {
      died(call, d);
      return true;
    }
    if (!canStart(call)) {
      return true;
    }
    runner.work = call;
    GroupState group = groups[call.group];
    if (!call.step(Work.QUEUED, Work.STARTED)) {
      runner.work = null;
      call.leave();
      takeNext(group);
      return true;
    }
    /* After that step: either this second look sees the death, or the killer sees this call. */
    Death meanwhile = death();
    if (meanwhile != null) {
      runner.work = null;
      var _ = call.step(Work.STARTED, Work.QUEUED); // it has not run
      died(call, meanwhile);
      return true;
    }
    int now = group.count(1);
    if (now > peakStarted) {
      peakStarted = now;
    }
    if (hasTurns() || call == construction) {
      call.runsOn(runner);
      Execution.run(this, call, runner);
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
          Execution.run(this, call, runner);
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

  /** Frees the place of a call and has the next one of its group started. In a turn. */
  void free(Call<?> call) {
    GroupState group = groups[call.group];
    var _ = group.count(-1);
    if (call.list != null) {
      synchronized (this) {
        if (call.list == started) {
          started.remove(call);
        }
      }
    }
    takeNext(group);
    if (death != null) {
      quietIfEmpty();
    }
  }

  /** Has the next deferred call of a group started if there is a place for it. In a turn. */
  private void takeNext(GroupState group) {
    if (group.deferred.first() != null) {
      synchronized (this) {
        if (nextStart == null && !constructing && group.started() < group.max) {
          nextStart = group.deferred.removeFirst();
        }
      }
    }
  }

  void constructed(@Nullable Throwable error) {
    if (error != null) {
      die(
          new Death(
              Reason.ACTOR_DIED,
              "could not be constructed: " + Failures.describe(error),
              cell.engine.copies.throwable(error),
              true),
          false);
      return;
    }
    constructing = false;
    synchronized (this) {
      Item oldest = batch;
      for (int i = groups.length - 1; i >= 0; i--) {
        oldest = groups[i].deferred.drainBefore(oldest);
      }
      BATCH.setRelease(this, oldest);
    }
  }

  /** A deferred call was dropped. In a turn. */
  void purge(Call<?> call) {
    synchronized (this) {
      CallList list = call.list;
      if (list != null && list.owner == this && list != started && call.phase() == Work.DROPPED) {
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

  /**
   * Runs an action once, when no code of this dead incarnation runs or waits any more: its successor
   * must not meet it. Code that takes longer than the grace of cancelled code is not waited for.
   */
  void whenQuiet(Runnable action) {
    synchronized (this) {
      whenQuiet = action;
    }
    cell.engine.host.schedule(cell.engine.cancelGraceNs, this::quiet);
  }

  private void quiet() {
    Runnable action;
    synchronized (this) {
      action = whenQuiet;
      whenQuiet = null;
    }
    if (action != null) {
      action.run();
    }
  }

  void quietIfEmpty() {
    for (GroupState group : groups) {
      if (group.started() > 0) {
        return;
      }
    }
    quiet();
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
      Call<?> freed = nextStart;
      if (freed != null) {
        calls.add(freed);
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
    if (call == construction || !cell.retriesAfterDeath(call, why)) {
      call.died(why);
    }
    call.leave();
  }

  /** The runners of its calls that have started and wait. */
  java.util.List<Runner> suspended() {
    java.util.List<Call<?>> calls = new java.util.ArrayList<>();
    synchronized (this) {
      collect(calls, started);
    }
    java.util.List<Runner> runners = new java.util.ArrayList<>();
    for (Call<?> call : calls) {
      Runner runner = call.runner();
      if (runner != null && runner != holder) {
        runners.add(runner);
      }
    }
    return runners;
  }

  int peakStarted() {
    return peakStarted;
  }
}
