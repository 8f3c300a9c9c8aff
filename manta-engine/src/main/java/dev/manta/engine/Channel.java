package dev.manta.engine;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a stream between its producer and its consumer: a bounded buffer, and its end. Its
 * monitor is a leaf.
 */
final class Channel {
  private final Engine engine;
  private final int capacity;
  private final @Nullable Pending slots;
  private final ArrayDeque<Object> buffer = new ArrayDeque<>();

  /** Elements that were lent: another process, or a loop of this one, has them and has not read them. */
  private int lent;

  private @Nullable Ref<@Nullable Void> room;
  private @Nullable Ref<@Nullable Void> arrival;
  private @Nullable Runnable listener;
  private @Nullable Runnable onPoll;
  private @Nullable Runnable onEnd;

  /** Only on the producer's thread. */
  private boolean hadToWait;

  /* Written under the monitor. */
  private volatile boolean cancelled;
  private volatile boolean ended;

  private @Nullable Throwable error;

  /**
   * An empty channel.
   *
   * @param slots the limit over all streams of the actor; null where there is none
   */
  Channel(Engine engine, int capacity, @Nullable Pending slots) {
    this.engine = engine;
    this.capacity = capacity;
    this.slots = slots;
  }

  // ---- the producer's side

  /** Adds an element; waits for room. An await point. */
  void put(Object element) {
    if (slots != null && !slots.tryEnter(0)) {
      Pending.Admission admission = slots.enterWhenRoom(engine, 0);
      try {
        Waits.untilDone(admission, Waits.FOREVER);
      } catch (Throwable e) {
        if (!admission.fail(e)) {
          slots.leave(0);
        }
        throw e;
      }
    }
    boolean entered = false;
    try {
      while (!entered) {
        Ref<@Nullable Void> full = tryPut(element);
        if (full == null) {
          entered = true;
        } else {
          Waits.untilDone(full, Waits.FOREVER);
          hadToWait = true;
        }
      }
    } finally {
      if (!entered && slots != null) {
        slots.leave(0);
      }
    }
  }

  /** Whether the producer had to wait for room since this was last asked. On its thread. */
  boolean takeHadToWait() {
    boolean had = hadToWait;
    hadToWait = false;
    return had;
  }

  private @Nullable Ref<@Nullable Void> tryPut(Object element) {
    Ref<@Nullable Void> arrived;
    Runnable told;
    synchronized (this) {
      if (cancelled || ended) {
        throw new CancellationException("the consumer of the stream is gone or has cancelled it");
      }
      if (buffer.size() + lent >= capacity) {
        if (room == null) {
          room = new Ref<>(engine);
        }
        return room;
      }
      buffer.add(element);
      arrived = arrival;
      arrival = null;
      told = listener;
    }
    tell(arrived, told);
    return null;
  }

  /** Adds elements for which there is room; returns how many of them nobody will read. */
  int offerAll(List<Object> elements) {
    Ref<@Nullable Void> arrived;
    Runnable told;
    int fit;
    synchronized (this) {
      fit = isOver() ? 0 : Math.min(elements.size(), capacity - buffer.size() - lent);
      buffer.addAll(elements.subList(0, fit));
      arrived = arrival;
      arrival = null;
      told = listener;
    }
    tell(arrived, told);
    return elements.size() - fit;
  }

  /** The producer has ended; the first end counts. */
  void end(@Nullable Throwable with) {
    Ref<@Nullable Void> arrived;
    Ref<@Nullable Void> waiting;
    Runnable told;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      error = with;
      arrived = arrival;
      arrival = null;
      waiting = room;
      room = null;
      told = listener;
    }
    tell(waiting, onEnd);
    tell(arrived, told);
  }

  private static void tell(@Nullable Ref<@Nullable Void> ref, @Nullable Runnable told) {
    if (ref != null) {
      ref.complete(null);
    }
    if (told != null) {
      told.run();
    }
  }

  // ---- the consumer's side

  /** The next element, or null if there is none now. */
  @Nullable Object poll() {
    Object element;
    Ref<@Nullable Void> freed;
    synchronized (this) {
      element = buffer.poll();
      if (element == null) {
        return null;
      }
      freed = room;
      room = null;
    }
    tell(freed, null);
    gone();
    return element;
  }

  /** Takes all elements that there are now, in their order; they keep their places until they are read. */
  void lendAll(ArrayDeque<Object> to) {
    synchronized (this) {
      lent += buffer.size();
      to.addAll(buffer);
      buffer.clear();
    }
  }

  /** Whether some that were lent are not read. */
  synchronized boolean hasLent() {
    return lent > 0;
  }

  /** Lent elements were read. */
  void read(int elements) {
    Ref<@Nullable Void> freed;
    int n;
    synchronized (this) {
      n = Math.min(elements, lent);
      lent -= n;
      freed = room;
      room = null;
    }
    tell(freed, null);
    for (int i = 0; i < n; i++) {
      gone();
    }
  }

  /** Waits until there is an element or the end. An await point inside calls. */
  void untilReadable() {
    for (;;) {
      Ref<@Nullable Void> wait;
      synchronized (this) {
        if (ended || !buffer.isEmpty()) {
          return;
        }
        if (arrival == null) {
          arrival = new Ref<>(engine);
        }
        wait = arrival;
      }
      Waits.untilDone(wait, Waits.FOREVER);
    }
  }

  /** Calls back, on any thread, when there may be something new. */
  void listen(Runnable callback) {
    synchronized (this) {
      listener = callback;
    }
  }

  /** An element has left. */
  private void gone() {
    if (slots != null) {
      slots.leave(0);
    }
    if (onPoll != null) {
      onPoll.run();
    }
  }

  /** Calls back, on the consumer's thread, for each element that is read. Before the first. */
  void onPoll(Runnable callback) {
    onPoll = callback;
  }

  /** Calls back, on any thread, when the producer has ended. Before the first element. */
  void onEnd(Runnable callback) {
    onEnd = callback;
  }

  /** Whether all elements are read and the producer has ended. */
  boolean isAtEnd() {
    synchronized (this) {
      return ended && buffer.isEmpty();
    }
  }

  /** Whether no more elements will come, or none will be read. */
  boolean isOver() {
    return ended || cancelled;
  }

  /** Whether nobody will read any more. */
  boolean isAbandoned() {
    return cancelled;
  }

  boolean hasError() {
    synchronized (this) {
      return error != null;
    }
  }

  /** What the producer ended with, once. */
  @Nullable Throwable takeError() {
    synchronized (this) {
      Throwable e = error;
      error = null;
      return e;
    }
  }

  /** Nobody will read any more: the producer is told at its next element. */
  void abandon() {
    int dropped;
    Ref<@Nullable Void> waiting;
    synchronized (this) {
      cancelled = true;
      dropped = buffer.size() + lent;
      lent = 0;
      buffer.clear();
      waiting = room;
      room = null;
    }
    for (int i = 0; i < dropped; i++) {
      gone();
    }
    tell(waiting, null);
  }
}
