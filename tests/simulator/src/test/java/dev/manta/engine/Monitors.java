package dev.manta.engine;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** Who holds which monitor, so that a thread that must wait for one hands over to another. */
final class Monitors {
  private static final class Hold {
    final SimThread owner;
    int times = 1;

    Hold(SimThread owner) {
      this.owner = owner;
    }
  }

  private final Scheduler scheduler;
  private final IdentityHashMap<Object, Hold> held = new IdentityHashMap<>();
  private final List<SimThread> blocked = new ArrayList<>();

  Monitors(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  void enter(Object monitor) {
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
    held.put(monitor, new Hold(me));
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
