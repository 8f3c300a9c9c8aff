package dev.manta.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls of an actor that are submitted and not finished, over all callers: their number and the
 * bytes of their arguments, both limited, and who waits for room, first come first served.
 */
class Pending extends PaddedEntrance {
  /*
   * entered is counted up by callers and left by turns, on two cache lines, so that a call costs each
   * side one uncontended step. Those who have left are no more than those who have entered; their
   * difference is what is pending. Callers look at who has left only when by the last look there may be
   * no room.
   */
  private static final VarHandle ENTERED;
  private static final VarHandle LEFT;
  private static final VarHandle LEFT_IN_TURNS;
  private static final VarHandle BYTES;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      ENTERED = lookup.findVarHandle(PendingEntrance.class, "entered", long.class);
      LEFT = lookup.findVarHandle(Pending.class, "left", long.class);
      LEFT_IN_TURNS = lookup.findVarHandle(Pending.class, "leftInTurns", long.class);
      BYTES = lookup.findVarHandle(Pending.class, "bytes", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Whose calls these are; null where they are not calls. */
  private final @Nullable ActorCell actor;

  /** Counted by any thread. */
  private volatile long left;

  /** Counted by the holder of a turn, by which all writes are ordered. */
  private volatile long leftInTurns;

  private volatile long bytes;

  /* As in Padding. */
  @SuppressWarnings("UnusedVariable")
  private long a, b, c, d, e, f;

  private final long maxBytes;

  /** Not null while anybody waits for room. Guarded by this. */
  private volatile @Nullable ArrayDeque<Admission> waiting;

  /** What is limited here is not an actor's calls. */
  Pending(int maxCalls, long maxBytes) {
    this(null, maxCalls, maxBytes);
  }

  Pending(@Nullable ActorCell actor, int maxCalls, long maxBytes) {
    super(maxCalls);
    this.actor = actor;
    this.maxBytes = maxBytes;
  }

  /** Whether nobody may enter for now, but who is {@link #take taken} from the line. */
  boolean isShut() {
    return false;
  }

  /** Enters a call if there is room and nobody waits for it. */
  final boolean tryEnter(int size) {
    if (awaited) {
      return false;
    }
    if (reserve(size)) {
      return true;
    }
    if (size > 0 && awaited) {
      admit(); // what was taken for a moment may be what the first in line lacked
    }
    return false;
  }

  /** Enters a call whatever the limits say: another attempt of one that was pending. */
  final void enter(int size) {
    ENTERED.getAndAdd(this, 1L);
    if (size > 0) {
      BYTES.getAndAdd(this, (long) size);
    }
  }

  private boolean reserve(int size) {
    for (;;) {
      long e = entered;
      if (e - leftAtLeast >= maxCalls) {
        long l = finished();
        leftAtLeast = l;
        if (e - l >= maxCalls) {
          return false;
        }
      }
      if (size > 0 && bytes + size > maxBytes) {
        return false;
      }
      if (ENTERED.compareAndSet(this, e, e + 1)) {
        break;
      }
      Thread.onSpinWait();
    }
    if (size > 0) {
      long b = (long) BYTES.getAndAdd(this, (long) size);
      if (b + size > maxBytes) {
        BYTES.getAndAdd(this, (long) -size);
        LEFT.getAndAdd(this, 1L);
        return false;
      }
    }
    return true;
  }

  /** A call is no longer pending. */
  final void leave(int size) {
    if (size > 0) {
      BYTES.getAndAdd(this, (long) -size);
    }
    LEFT.getAndAdd(this, 1L);
    admitWaiting();
  }

  /**
   * A call without bytes is no longer pending, says the holder of the turn; all such turns must be of
   * one life. Who waits for room is not admitted before {@link #admitWaiting}.
   */
  void leaveInTurn() {
    LEFT_IN_TURNS.setRelease(this, (long) LEFT_IN_TURNS.getOpaque(this) + 1);
  }

  /** The call that left in the turn had been counted by another. */
  void leftTwice() {
    LEFT.getAndAdd(this, -1L);
  }

  /** Follows a call's leaving, after a step that others see in the same order. */
  void admitWaiting() {
    if (waiting != null) {
      admit();
    }
  }

  /** Stands in line for room: the admission completes when the call has entered. */
  Admission enterWhenRoom(Engine engine, int size) {
    Admission admission = new Admission(engine, actor, size);
    synchronized (this) {
      ArrayDeque<Admission> line = waiting;
      if (line == null) {
        line = new ArrayDeque<>();
        waiting = line;
        awaited = true;
      }
      line.add(admission);
    }
    admit();
    return admission;
  }

  private void admit() {
    for (;;) {
      Admission first;
      synchronized (this) {
        ArrayDeque<Admission> line = waiting;
        if (line == null) {
          return;
        }
        first = line.peek();
        while (first != null && first.isDone()) {
          line.remove();
          first = line.peek();
        }
        if (first == null) {
          noneWaits();
          return;
        }
        if (isShut() || !reserve(first.size)) {
          return;
        }
        line.remove();
        if (line.isEmpty()) {
          noneWaits();
        }
      }
      if (!first.complete(null)) {
        leave(first.size);
      }
    }
  }

  /** Under the monitor. */
  private void noneWaits() {
    waiting = null;
    awaited = isShut();
  }

  // ---- where something else than the room here says who may enter

  /** It is shut from now on. */
  final void shut() {
    synchronized (this) {
      awaited = true;
    }
  }

  /** It may not be shut any more: who waits enters as far as there is room. */
  final void reopened() {
    synchronized (this) {
      if (waiting == null) {
        awaited = isShut();
      }
    }
    admit();
  }

  /** The first of those who wait, at most so many. */
  final List<Admission> first(int most) {
    List<Admission> first = new ArrayList<>();
    synchronized (this) {
      if (waiting != null) {
        for (Admission a : waiting) {
          if (first.size() < most && !a.isDone()) {
            first.add(a);
          }
        }
      }
    }
    return first;
  }

  /**
   * Has one of those who wait enter, whatever the limits say; the caller completes it.
   *
   * @return false if it does not wait any more
   */
  final boolean take(Admission admission) {
    synchronized (this) {
      ArrayDeque<Admission> line = waiting;
      if (line == null || !line.remove(admission)) {
        return false;
      }
      if (line.isEmpty()) {
        noneWaits();
      }
    }
    enter(admission.size);
    return true;
  }

  /** The actor is dead: nobody waits any more. */
  void refuseAll(Throwable error) {
    List<Admission> all;
    synchronized (this) {
      all = waiting == null ? List.of() : List.copyOf(waiting);
      waiting = null;
      awaited = false;
    }
    for (Admission a : all) {
      a.fail(error);
    }
  }

  long calls() {
    long l = finished();
    return entered - l;
  }

  long finished() {
    return left + leftInTurns;
  }

  int maxCalls() {
    return maxCalls;
  }

  long maxBytes() {
    return maxBytes;
  }

  /** A place in the line: completes when its call has entered. */
  static final class Admission extends Ref<@Nullable Void> {
    final @Nullable ActorCell actor;
    final int size;

    /** The process that has given credit for the call; null if it needs none. Set before this completes. */
    @Nullable Peer credit;

    Admission(Engine engine, @Nullable ActorCell actor, int size) {
      super(engine);
      this.actor = actor;
      this.size = size;
    }
  }
}
