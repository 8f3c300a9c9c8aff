package dev.manta.engine;

import dev.manta.Reason;
import java.util.List;

/** Finds turns that wait for a monitor which a suspended call of the same actor holds. */
final class MonitorDeadlocks {
  private final Host host;
  private final long timeoutNs;

  MonitorDeadlocks(Host host, long timeoutNs) {
    this.host = host;
    this.timeoutNs = timeoutNs;
  }

  long timeoutNs() {
    return timeoutNs;
  }

  /**
   * Looks at a turn whose thread is blocked on a monitor; ends the actor after the set time.
   *
   * @return the stack of the suspended call that holds the monitor; empty if none does
   */
  List<StackTraceElement> look(Incarnation actor, Thread blocked, long heldNs) {
    long owner = host.monitorOwner(blocked);
    for (Thread suspended : actor.suspendedThreads()) {
      if (suspended.threadId() == owner) {
        List<StackTraceElement> stack = List.of(suspended.getStackTrace());
        if (heldNs >= timeoutNs) {
          actor.die(
              new Death(
                  Reason.ACTOR_DIED,
                  "was ended: a turn waited for a monitor that a suspended call of it held",
                  null,
                  false),
              true);
        }
        return stack;
      }
    }
    return List.of();
  }
}
