package dev.manta.engine;

/** What the instrumented engine calls. Does what Java does while nothing is simulated. */
final class Hooks {
  private Hooks() {}

  /** Another thread may be let go here. */
  static void checkpoint() {
    Scheduler s = Scheduler.active;
    if (s != null) {
      s.checkpoint();
    }
  }

  static void entering(Object monitor, String code) {
    Scheduler s = Scheduler.active;
    if (s != null) {
      s.monitors.enter(monitor, code);
    }
  }

  static void exited(Object monitor) {
    Scheduler s = Scheduler.active;
    if (s != null) {
      s.monitors.exit(monitor);
    }
  }

  /** A ref gets its outcome. One that is only a value to be sent may do so anywhere. */
  static void completing(Object ref) {
    if (ref.getClass() != Ref.class) {
      telling(ref);
    }
  }

  /** Who waits for a ref is told, and may do what takes any monitor. */
  static void telling(Object ref) {
    Scheduler s = Scheduler.active;
    if (s != null) {
      s.monitors.ensureNoneIsHeld(ref);
    }
  }

  /** No other thread is let go from here on. */
  static void hold(Object by, String code) {
    Scheduler s = Scheduler.active;
    if (s != null) {
      s.hold(1);
    }
  }

  /** The end of {@link #hold}. */
  static void unhold(Object by) {
    Scheduler s = Scheduler.active;
    if (s != null) {
      s.hold(-1);
    }
  }

  static void interrupt(Thread thread) {
    Scheduler s = Scheduler.active;
    if (s == null) {
      thread.interrupt();
    } else {
      s.interrupt(thread);
    }
  }

  static boolean interrupted() {
    Scheduler s = Scheduler.active;
    return s == null ? Thread.interrupted() : s.interrupted(true);
  }

  static boolean isInterrupted(Thread thread) {
    Scheduler s = Scheduler.active;
    return s == null ? thread.isInterrupted() : s.find(thread).interrupted;
  }

  static void yield() {
    checkpoint();
  }

  static void onSpinWait() {
    checkpoint();
  }

  /** A hash code that is the same in every run of a seed. */
  static int hash(Object object) {
    Scheduler s = Scheduler.active;
    return s == null ? System.identityHashCode(object) : s.hash(object);
  }
}
