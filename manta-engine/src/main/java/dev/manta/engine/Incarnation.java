package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.Reason;
import org.jspecify.annotations.Nullable;

/**
 * One life of an actor: its instance, its mailbox and its turn.
 *
 * <p>What "in a turn" says of a field or method: only the holder of the turn touches it. The lists
 * of calls are also guarded by this object's monitor, so that a kill finds the calls of an actor
 * whose turn hangs; the monitor is held for a few instructions and no other lock is taken under it.
 */
final class Incarnation extends PaddedTurn {
  /** Items after which a runner lets other threads run. */
  private static final int ITEMS_BEFORE_YIELD = 1024;

  /** So few items between two looks at an empty mailbox are questions and answers. */
  private static final int FEW_ITEMS = 4;

  final ActorCell cell;
  final long epoch;
  final GroupState[] groups;

  /** Calls that have started and whose code has not returned on the thread that started it. */
  final CallList started = new CallList(this);

  volatile @Nullable Object instance;

  /** The watchdog looks at this incarnation. */
  volatile boolean watched;

  private volatile @Nullable Death death;
  private @Nullable Runnable whenQuiet;
  private volatile boolean constructing = true;

  /** It does not wait for an earlier life any more. Guarded by the cell. */
  boolean begun;

  private @Nullable Call<?> construction;
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

  boolean isFirstLife() {
    return epoch == ActorCell.FIRST_EPOCH;
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

  /**
   * A runner that waited has the turn again. Has the next one mounted meanwhile: that goes on at once
   * when its turn comes, or parks again.
   */
  void holdAgain(TurnRunner runner) {
    hold(runner);
    if (!cell.options.hasDedicatedThread()
        && nextRunner() instanceof TurnRunner next
        && next != runner) {
      next.getReady();
    }
  }

  void hold(TurnRunner runner) {
    holder = runner;
    if (!watched) {
      cell.engine.watchdog.watch(this);
    }
  }

  /** An item failed as none of them should. */
  void wentWrong(Throwable error) {
    cell.engine.host.report("a turn of " + cell.label() + " went wrong", error);
  }

  /** The next item for the holder of the turn; null if there is none and it has given the turn up. */
  @Nullable Item next(TurnRunner runner) {
    items++;
    itemsSinceEmpty++;
    for (;;) {
      Item item = poll();
      if (item == null && spinForItems()) {
        item = poll();
      }
      if (item != null) {
        if (itemsSinceEmpty % ITEMS_BEFORE_YIELD == 0) {
          cell.engine.host.yieldThread();
        }
        return item;
      }
      boolean few = itemsSinceEmpty > 0 && itemsSinceEmpty <= FEW_ITEMS;
      itemsSinceEmpty = 0;
      holder = null;
      if (few) {
        cell.engine.host.yieldThread(); // whoever got an answer may well ask again
      } else if (release()) {
        return null;
      }
      holder = runner;
    }
  }

  /** The runner's call waits: lets others have the turn. In a turn, which ends. */
  void passTurn(TurnRunner runner) {
    for (;;) {
      Item item = pollToPass();
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

  /** Whether the call of another actor that is waited for ends soon. In a turn. */
  boolean spinFor(Ref<?> awaited) {
    ActorHandle<?> target = awaited instanceof Call<?> call ? call.target() : null;
    if (target == null || target.cell.current() == this) {
      return false;
    }
    for (int looks = Spins.looks(credit); looks > 0 && !awaited.isDone(); looks--) {
      Thread.onSpinWait();
    }
    boolean came = awaited.isDone();
    credit = Spins.next(credit, came);
    return came;
  }

  // ---- starting calls, in a turn

  /** Whether a call may start now; defers it if it must wait for a place. */
  private boolean canStart(Call<?> call) {
    if (call.phase() != Work.QUEUED || death != null) {
      return true;
    }
    GroupState group = groups[call.group];
    if (call != construction && (constructing || group.started() >= group.max)) {
      Death meanwhile;
      synchronized (this) {
        group.deferred.add(call);
        meanwhile = death;
      }
      if (call.phase() == Work.DROPPED) {
        purge(call);
      } else if (meanwhile != null) { // whose look at the deferred calls has missed this one
        died(call, meanwhile);
      }
      return false;
    }
    return true;
  }

  /**
   * Starts a call, or defers it, or finds that it was dropped or has been run. The runner is to run
   * its code if it is the runner's work afterwards.
   */
  void start(Call<?> call, TurnRunner runner) {
    int phase = call.phase();
    if (phase == Work.STARTED || phase == Work.ENDED) {
      Execution.finish(this, call, runner);
      return;
    }
    if (!canStart(call)) {
      return;
    }
    Death d = death();
    if (d != null) {
      died(call, d);
      return;
    }
    runner.work = call;
    GroupState group = groups[call.group];
    if (!call.step(Work.QUEUED, Work.STARTED)) {
      runner.work = null;
      call.leave();
      takeNext(group);
      return;
    }
    int now = group.count(1);
    if (now > peakStarted) {
      peakStarted = now;
    }
    /* The step is between the two: either this look sees the death, or the killer sees this call. It
       has started, so it runs, and is told as others that run are. */
    Death meanwhile = death();
    if (meanwhile != null) {
      died(call, meanwhile);
    }
    if (hasTurns() || call == construction) {
      call.runsOn(runner);
      return;
    }
    runner.work = null;
    link(call);
    startParallel(call);
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
        if (!hasFirst() && !constructing && group.started() < group.max) {
          putFirst(group.deferred.removeFirst());
        }
      }
    }
  }

  void constructed(@Nullable Throwable error) {
    construction = null;
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
      for (int i = groups.length - 1; i >= 0; i--) {
        putFirst(groups[i].deferred);
      }
    }
  }

  /** A deferred call was dropped. In a turn. */
  void purge(Call<?> call) {
    synchronized (this) {
      CallList list = call.list;
      if (list == null || list.owner != this || list == started || call.phase() != Work.DROPPED) {
        return;
      }
      list.remove(call);
    }
    call.leave();
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
  private void tellAll(Death why) {
    java.util.List<Call<?>> calls = new java.util.ArrayList<>();
    synchronized (this) {
      collect(calls, started);
      for (GroupState g : groups) {
        collect(calls, g.deferred);
      }
      collect(calls);
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
    call.leaveDead();
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
