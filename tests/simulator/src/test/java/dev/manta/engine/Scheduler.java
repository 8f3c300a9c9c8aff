package dev.manta.engine;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets threads go one at a time. Which one is next, and whether another one is next at a checkpoint,
 * a seeded random says; time passes when no thread can run.
 */
final class Scheduler {
  private static final long MAX_STEPS = 500_000;
  private static final long REAL_SECONDS = 30;

  /** The one that rules the threads of this engine; null between runs. */
  static Scheduler active;

  final Monitors monitors = new Monitors(this);
  private final VirtualTime.Clock clock = new VirtualTime.Clock();
  private final VirtualTime sleepers = new VirtualTime(clock);

  /** The timers of each process that lives. */
  private final Map<Integer, Timers> timers = new TreeMap<>();

  /** Processes that stand still. */
  private final Map<Integer, List<SimThread>> frozen = new TreeMap<>();

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::step));
  private final SplittableRandom random;
  private final int switchMask;
  private final List<SimThread> ready = new ArrayList<>();
  private final List<SimThread> live = new ArrayList<>();
  private final Map<Thread, SimThread> byThread = new HashMap<>();
  private final IdentityHashMap<Object, Integer> hashes = new IdentityHashMap<>();

  /** What weak references refer to: the JVM's own collector may not clear them, which no replay would see. */
  private final List<Object> kept = new ArrayList<>();

  private final Semaphore idle = new Semaphore(0);
  private SimThread running;
  private Runnable beforeTimePasses = () -> {};
  private String failure;
  private long steps;
  private long trace;
  private int threads;
  private int atomic;

  /** Something that happens at a step. */
  private record Event(long step, Runnable action) {}

  /** The timers of a process, and the thread that runs them. */
  private static final class Timers {
    final VirtualTime entries;
    SimThread thread;

    Timers(VirtualTime.Clock clock) {
      entries = new VirtualTime(clock);
    }
  }

  Scheduler(SplittableRandom random) {
    this.random = random;
    this.switchMask = (1 << random.nextInt(1, 9)) - 1;
  }

  // ---- by the thread that runs the simulation

  /** Runs until no thread can run and nothing waits for time. */
  void runUntilIdle() {
    active = this;
    SimThread first = pick();
    if (first != null) {
      begin(first);
      first.release();
      try {
        if (!idle.tryAcquire(REAL_SECONDS, TimeUnit.SECONDS)) {
          failure = "stuck in " + running + at(running);
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    active = null;
    if (failure != null) {
      throw new Violation(failure);
    }
  }

  private static String at(SimThread t) {
    StringBuilder s = new StringBuilder();
    for (StackTraceElement e : t.thread.getStackTrace()) {
      s.append("\n    at ").append(e);
    }
    return s.toString();
  }

  /** Something that is looked at each time before the clock goes on. */
  void beforeTimePasses(Runnable look) {
    beforeTimePasses = look;
  }

  List<SimThread> live() {
    return live;
  }

  /** The threads that have not ended, and where they are. */
  String dump() {
    StringBuilder s = new StringBuilder();
    for (SimThread t : live) {
      if (!isTimers(t)) {
        s.append("\n  ").append(t).append(at(t));
      }
    }
    return s.toString();
  }

  long trace() {
    return trace;
  }

  long steps() {
    return steps;
  }

  // ---- by any thread

  long now() {
    return clock.now();
  }

  SimThread running() {
    return running;
  }

  /** Whether a thread is there to run timers. */
  boolean isTimers(SimThread t) {
    return timers.containsKey(t.process) && timers.get(t.process).thread == t;
  }

  /** What the timers of a process will do. */
  List<Runnable> timersOf(int process) {
    List<Runnable> actions = new ArrayList<>();
    if (timers.containsKey(process)) {
      timers.get(process).entries.entries().forEach(e -> actions.add(e.action));
    }
    return actions;
  }

  SplittableRandom random() {
    return random;
  }

  /** The simulated thread of a thread; null if it has ended. */
  SimThread find(Thread thread) {
    return byThread.get(thread);
  }

  int hash(Object object) {
    if (object instanceof Reference<?> weak) {
      kept.add(weak.get());
    }
    return hashes.computeIfAbsent(object, o -> hashes.size() * 31 + 7);
  }

  /** A new thread of the first process, which runs when it is picked. */
  SimThread spawn(String name, Runnable body) {
    return spawn(0, name, body);
  }

  SimThread spawn(int process, String name, Runnable body) {
    SimThread[] self = new SimThread[1];
    SimThread t =
        new SimThread(
            threads++,
            process,
            name,
            () -> {
              try {
                body.run();
              } catch (Throwable e) {
                fail("the thread " + name + " threw " + describe(e));
              }
              end(self[0]);
            });
    self[0] = t;
    byThread.put(t.thread, t);
    live.add(t);
    makeReady(t);
    return t;
  }

  static String describe(Throwable e) {
    java.io.StringWriter words = new java.io.StringWriter();
    e.printStackTrace(new java.io.PrintWriter(words));
    return words.toString();
  }

  /** Ends the run: a promise did not hold. Does not return in a simulated thread. */
  void fail(String why) {
    if (failure == null) {
      failure = why;
    }
    if (active == this && running != null && running.thread == Thread.currentThread()) {
      idle.release();
      for (;;) {
        LockSupport.park(this);
      }
    }
    throw new Violation(why);
  }

  /** Another thread may be let go here. */
  void checkpoint() {
    if (atomic > 0) {
      return;
    }
    if (++steps > MAX_STEPS) {
      fail("no end after " + steps + " steps: " + describe(new Throwable("here")));
    }
    if (!events.isEmpty() && events.peek().step <= steps) {
      happen();
    }
    if ((random.nextInt() & switchMask) == 0) {
      makeReady(running);
      switchFrom(running);
    }
  }

  private void happen() {
    SimThread me = running;
    atomically(events.remove().action);
    if (me.state == SimThread.State.ENDED) {
      switchFrom(me); // for good
    } else if (frozen.containsKey(me.process)) {
      makeReady(me);
      switchFrom(me);
    }
  }

  /** Has something happen between two steps of whichever thread runs then. */
  void afterSteps(long count, Runnable action) {
    events.add(new Event(steps + count, action));
  }

  /** All threads of a process stop where they are, for good. */
  void kill(int process) {
    thaw(process);
    timers.remove(process);
    for (SimThread t : List.copyOf(live)) {
      if (t.process == process) {
        t.state = SimThread.State.ENDED;
        live.remove(t);
        ready.remove(t);
        byThread.remove(t.thread);
        monitors.forget(t);
      }
    }
  }

  /** No thread of a process runs for a time. */
  void freeze(int process, long ns) {
    if (!frozen.containsKey(process)) {
      List<SimThread> stopped = new ArrayList<>();
      ready.removeIf(t -> t.process == process && stopped.add(t));
      frozen.put(process, stopped);
      sleepers.add(ns, () -> thaw(process));
    }
  }

  boolean isFrozen(int process) {
    return frozen.containsKey(process);
  }

  private void thaw(int process) {
    List<SimThread> stopped = frozen.remove(process);
    if (stopped != null) {
      ready.addAll(stopped);
    }
  }

  /** Code in which no other thread is let go. */
  void atomically(Runnable code) {
    atomic++;
    try {
      code.run();
    } finally {
      atomic--;
    }
  }

  void hold(int change) {
    atomic += change;
  }

  /** The current thread can't run until it is made ready. */
  void stop(SimThread.State why) {
    running.state = why;
    switchFrom(running);
  }

  void makeReady(SimThread t) {
    if (t.state != SimThread.State.ENDED) {
      t.state = SimThread.State.READY;
      frozen.getOrDefault(t.process, ready).add(t);
    }
  }

  void park() {
    checkpoint();
    SimThread me = running;
    if (!me.permit && !me.interrupted && random.nextInt(50) > 0) {
      stop(SimThread.State.PARKED);
    }
    me.permit = false;
  }

  void unpark(Thread thread) {
    SimThread t = find(thread);
    if (t != null) {
      t.permit = true;
      wake(t);
    }
    checkpoint();
  }

  void interrupt(Thread thread) {
    SimThread t = find(thread);
    if (t != null) {
      t.interrupted = true;
      wake(t);
    }
    checkpoint();
  }

  private void wake(SimThread t) {
    if (t.state == SimThread.State.PARKED) {
      makeReady(t);
    }
  }

  boolean interrupted(boolean clear) {
    boolean was = running.interrupted;
    if (clear) {
      running.interrupted = false;
    }
    return was;
  }

  /** Time passes for the current thread, which holds on to what it has. */
  void sleep(long ns) {
    SimThread me = running;
    sleepers.add(ns, () -> makeReady(me));
    stop(SimThread.State.SLEEPING);
  }

  VirtualTime.Entry schedule(int process, long delayNs, Runnable action) {
    Timers t = timers.computeIfAbsent(process, p -> new Timers(clock));
    VirtualTime.Entry entry = t.entries.add(delayNs, action);
    if (t.thread == null) {
      t.thread = spawn(process, "timer", () -> run(t.entries));
    }
    return entry;
  }

  private void run(VirtualTime entries) {
    for (;;) {
      VirtualTime.Entry entry = entries.pollDue();
      if (entry == null) {
        stop(SimThread.State.PARKED);
      } else {
        entry.action.run();
      }
    }
  }

  // ---- switching

  private void end(SimThread me) {
    me.state = SimThread.State.ENDED;
    live.remove(me);
    byThread.remove(me.thread);
    SimThread next = pick();
    if (next == null) {
      idle.release();
    } else {
      begin(next);
      next.release();
    }
  }

  private void switchFrom(SimThread me) {
    SimThread next = pick();
    if (next == me) {
      begin(me);
      return;
    }
    if (next == null) {
      idle.release();
    } else {
      begin(next);
      next.release();
    }
    me.awaitRelease();
  }

  private void begin(SimThread next) {
    running = next;
    next.state = SimThread.State.RUNNING;
    trace = trace * 31 + next.number;
  }

  /** The next thread to run; time passes until there is one. Null if nothing is left to do. */
  private SimThread pick() {
    for (;;) {
      long next = Long.MAX_VALUE;
      for (Timers t : timers.values()) {
        if (t.thread.state == SimThread.State.PARKED) {
          if (t.entries.hasDue()) {
            makeReady(t.thread);
          } else {
            next = Math.min(next, t.entries.next());
          }
        }
      }
      for (VirtualTime.Entry e = sleepers.pollDue(); e != null; e = sleepers.pollDue()) {
        e.action.run();
      }
      if (!ready.isEmpty()) {
        int i = random.nextInt(ready.size());
        SimThread picked = ready.get(i);
        SimThread last = ready.removeLast();
        if (i < ready.size()) {
          ready.set(i, last);
        }
        return picked;
      }
      running = null;
      try {
        atomically(beforeTimePasses);
      } catch (Violation e) {
        return null;
      }
      if (!ready.isEmpty()) {
        continue; // what was looked at has begun something
      }
      next = Math.min(next, sleepers.next());
      if (next == Long.MAX_VALUE) {
        return null;
      }
      trace = trace * 31 + next;
      clock.advanceTo(next);
    }
  }
}
