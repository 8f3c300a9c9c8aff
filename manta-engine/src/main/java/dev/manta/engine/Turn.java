package dev.manta.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** What the holder of an actor's turn writes with each item. */
abstract class Turn extends Inbox {
  private static final VarHandle STARTED;
  private static final VarHandle STAGE_WAIT;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STARTED = lookup.findVarHandle(Turn.class, "started", int.class);
      STAGE_WAIT = lookup.findVarHandle(Turn.class, "stageWait", StageWait.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Who holds the turn, for the watchdog and for a kill; null while it is handed over or idle. */
  volatile @Nullable TurnRunner holder;

  /** Items done: the watchdog sees a turn that is held by its standing still. */
  long items;

  int itemsSinceEmpty;

  /** For looks at the end of other actors' calls. */
  int credit = Spins.CREDIT;

  private volatile int started;
  private volatile @Nullable StageWait<?> stageWait;

  /** Calls of the default group that have started and not finished; read by anybody, a little late. */
  final int startedByDefault() {
    return started;
  }

  /** Counts a call of the default group that starts, or ends (-1). */
  final int countByDefault(int calls) {
    int now = (int) STARTED.getOpaque(this) + calls;
    STARTED.setRelease(this, now);
    return now;
  }

  /** The last wait for a stage, while that is not complete: other calls may share it. */
  final @Nullable StageWait<?> stageWait() {
    return stageWait;
  }

  /** Lets other calls share a wait. */
  final void share(StageWait<?> wait) {
    stageWait = wait;
  }

  /** No call is to share it any more. By any thread. */
  @SuppressWarnings("ReferenceEquality") // the very wait
  final void unshare(StageWait<?> wait) {
    if (stageWait == wait) {
      STAGE_WAIT.compareAndSet(this, wait, null);
    }
  }
}
