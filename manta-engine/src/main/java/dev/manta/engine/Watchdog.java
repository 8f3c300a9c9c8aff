package dev.manta.engine;

import dev.manta.Stall;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the turns that are held, from a timer, and reports each that is held too long, once. An
 * actor costs it nothing while it is idle, and a flag read a turn while it is not.
 */
final class Watchdog implements Runnable {
  private static final int MAX_STALLS = 100;
  private static final int LOOKS_PER_THRESHOLD = 4;

  /** How long a machine without time may keep suspended calls from saying what they hold. */
  private static final long ANSWER_NS = 1_000_000_000;

  private static final List<String> OWN =
      List.of("dev.manta.engine.", "dev.manta.runtime.", "dev.manta.cluster.");
  private static final List<String> JDK = List.of("java.", "jdk.", "sun.");

  private final Host host;
  private final long thresholdNs;
  private final MonitorDeadlocks deadlocks;
  private final ConcurrentLinkedQueue<Incarnation> arrivals = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final List<Watched> watched = new ArrayList<>();
  private final ArrayDeque<Stall> stalls = new ArrayDeque<>();

  Watchdog(Host host, long thresholdNs, long deadlockNs) {
    this.host = host;
    this.thresholdNs = thresholdNs;
    this.deadlocks = new MonitorDeadlocks(deadlockNs);
  }

  private static final class Watched {
    final Incarnation actor;
    long items = -1;
    @Nullable TurnRunner holder;
    long sinceNs;
    boolean reported;
    boolean endless;
    @Nullable MonitorProbe probe;

    Watched(Incarnation actor) {
      this.actor = actor;
    }
  }

  /** An actor holds its turn and is not looked at yet. By any thread. */
  void watch(Incarnation actor) {
    actor.watched = true;
    arrivals.add(actor);
    schedule();
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      host.schedule(Math.max(1, thresholdNs / LOOKS_PER_THRESHOLD), this);
    }
  }

  /** Looks at all that hold a turn. */
  @Override
  public void run() {
    try {
      for (Incarnation a = arrivals.poll(); a != null; a = arrivals.poll()) {
        watched.add(new Watched(a));
      }
      long now = host.nanoTime();
      for (Iterator<Watched> i = watched.iterator(); i.hasNext();) {
        Watched w = i.next();
        if (w.actor.isHeld()) {
          look(w, now);
        } else {
          i.remove();
          w.actor.watched = false;
          if (w.actor.isHeld()) {
            watch(w.actor);
          }
        }
      }
    } catch (Throwable e) {
      host.report("the watchdog failed", e);
    } finally {
      scheduled.set(false);
      if (!watched.isEmpty() || !arrivals.isEmpty()) {
        schedule();
      }
    }
  }

  private void look(Watched w, long now) {
    Incarnation actor = w.actor;
    long items = actor.items;
    TurnRunner holder = actor.holder;
    if (items != w.items || holder != w.holder) { // a call that is suspended is no item's end
      w.items = items;
      w.holder = holder;
      w.sinceNs = now;
      w.reported = false;
      w.endless = false;
      w.probe = null;
      return;
    }
    Thread thread = holder == null ? null : holder.thread;
    long heldNs = now - w.sinceNs;
    if (holder == null || thread == null || heldNs < thresholdNs) {
      return;
    }
    boolean late = heldNs >= deadlocks.timeoutNs() && !w.endless;
    if (w.reported && !late) {
      return;
    }
    List<StackTraceElement> blockedBy = List.of();
    if (thread.getState() == Thread.State.BLOCKED) {
      MonitorProbe asked = w.probe;
      if (asked == null) {
        w.probe = deadlocks.ask(actor, thread, now);
        return;
      }
      if (!asked.isAnswered() && asked.ageNs(now) < ANSWER_NS) {
        return;
      }
      w.probe = null;
      w.endless = late && asked.isAnswered(); // else they are asked again
      Runner by = asked.holder();
      Thread owner = by == null ? null : by.thread;
      if (owner != null) {
        blockedBy = List.of(owner.getStackTrace());
      }
      if (late && by != null) {
        deadlocks.end(actor, by);
      }
    }
    if (!w.reported) {
      StackTraceElement[] stack = thread.getStackTrace();
      if (!isOwnCode(stack)) {
        w.reported = true;
        report(actor, holder, stack, heldNs, blockedBy);
      }
    }
  }

  /**
   * Whether what holds a turn is not the program's to change: Manta links a function, or names a thread,
   * on a machine that has no time for it.
   */
  static boolean isOwnCode(StackTraceElement[] stack) {
    boolean own = false;
    for (StackTraceElement frame : stack) {
      String name = frame.getClassName();
      if (OWN.stream().anyMatch(name::startsWith)) {
        if (!own && name.equals(Body.class.getName())) {
          return false; // the function is one of the JDK's
        }
        own = true;
      } else if (JDK.stream().noneMatch(name::startsWith)) {
        return false;
      }
    }
    return own;
  }

  private void report(
      Incarnation actor,
      TurnRunner holder,
      StackTraceElement[] stack,
      long heldNs,
      List<StackTraceElement> blockedBy) {
    Work<?> work = holder.work;
    String call = work == null ? "its own code" : work.toString();
    Stall stall =
        new Stall(
            actor.cell.label(), call, Duration.ofNanos(heldNs), List.of(stack), blockedBy);
    synchronized (stalls) {
      stalls.add(stall);
      if (stalls.size() > MAX_STALLS) {
        stalls.remove();
      }
    }
    actor.cell.stalled();
    if (work != null) {
      work.tell(Events.Kind.STALLED);
    }
    Throwable at = new Throwable("the turn was held here");
    at.setStackTrace(stack);
    if (!blockedBy.isEmpty()) {
      Throwable by = new Throwable("waiting for a monitor that was taken here");
      by.setStackTrace(blockedBy.toArray(new StackTraceElement[0]));
      at.addSuppressed(by);
    }
    host.report(
        "the turn of "
            + stall.actor()
            + " has been held for "
            + heldNs / 1_000_000
            + " ms by "
            + call
            + ": its other calls wait. Blocking code belongs in Manta.blocking, heavy work in"
            + " manta.submit",
        at);
  }

  List<Stall> stalls() {
    synchronized (stalls) {
      return new ArrayList<>(stalls);
    }
  }
}
