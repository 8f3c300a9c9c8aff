package dev.manta.engine;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** Who holds which monitor, so that a thread that must wait for one hands over to another. */
final class Monitors {
  private static final LockOrder ORDER = LockOrder.read();

  private static final class Hold {
    final SimThread owner;
    final String name;
    int times = 1;

    Hold(SimThread owner, String name) {
      this.owner = owner;
      this.name = name;
    }
  }

  private final Scheduler scheduler;
  private final IdentityHashMap<Object, Hold> held = new IdentityHashMap<>();
  private final List<SimThread> blocked = new ArrayList<>();

  Monitors(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * The running thread takes a monitor, as soon as it can.
   *
   * @param code the class whose code does
   */
  void enter(Object monitor, String code) {
    scheduler.checkpoint();
    SimThread me = scheduler.running();
    for (Hold hold = held.get(monitor); hold != null; hold = held.get(monitor)) {
      if (hold.owner == me) {
        hold.times++;
        return;
      }
      me.monitor = monitor;
      blocked.add(me);
      scheduler.stop(SimThread.State.BLOCKED);
    }
    String name = LockOrder.nameOf(monitor, code);
    for (Hold hold : held.values()) {
      if (hold.owner == me && !ORDER.allows(hold.name, name)) {
        fail(name + " is taken under " + hold.name + ", which the order does not allow");
      }
    }
    held.put(monitor, new Hold(me, name));
  }

  /** That the running thread holds none while it tells who waits for a ref. */
  void ensureNoneIsHeld(Object ref) {
    SimThread me = scheduler.running();
    for (Hold hold : held.values()) {
      if (hold.owner == me) {
        fail("a " + ref.getClass().getSimpleName() + " is completed under " + hold.name);
      }
    }
  }

  private void fail(String what) {
    scheduler.fail(Scheduler.describe(new Violation(what)));
  }

  @SuppressWarnings("ReferenceEquality") // the monitor itself
  void exit(Object monitor) {
    Hold hold = held.get(monitor);
    if (--hold.times == 0) {
      held.remove(monitor);
      for (int i = blocked.size() - 1; i >= 0; i--) {
        SimThread t = blocked.get(i);
        if (t.monitor == monitor) {
          blocked.remove(i);
          t.monitor = null;
          scheduler.makeReady(t);
        }
      }
    }
    scheduler.checkpoint();
  }

  /** A thread is gone for good, with its process. */
  void forget(SimThread gone) {
    blocked.remove(gone);
    held.values().removeIf(hold -> hold.owner == gone);
  }

  boolean isEmpty() {
    return held.isEmpty();
  }
}
