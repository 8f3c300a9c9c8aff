package dev.manta.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Items one after the other, oldest first; once empty it is thrown away. Used by the holder of the turn
 * alone, but for {@link #collect}.
 *
 * <p>It is an object of its own, and a young one, since it changes with each item: a reference that is
 * stored into an old object costs a fence with the collector that the JVM uses by default.
 */
final class ItemLine {
  private static final VarHandle OLDEST;

  static {
    try {
      OLDEST = MethodHandles.lookup().findVarHandle(ItemLine.class, "oldest", Item.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private @Nullable Item oldest;
  private Item newest;

  /** From {@code oldest}, linked by {@code next}, to {@code newest}. */
  ItemLine(Item oldest, Item newest) {
    this.oldest = oldest;
    this.newest = newest;
  }

  boolean isEmpty() {
    return oldest == null;
  }

  /** Takes the oldest; null if it is empty. */
  @Nullable Item poll() {
    Item item = oldest;
    if (item != null) {
      OLDEST.setRelease(this, item.next);
      item.next = null;
    }
    return item;
  }

  /** Adds items, linked like those here; it must not be empty. */
  void append(Item oldest, Item newest) {
    this.newest.next = oldest;
    this.newest = newest;
  }

  /** Puts calls before all others, in their order. It must not be empty. */
  void putFirst(CallList calls) {
    OLDEST.setRelease(this, calls.drainBefore(oldest));
  }

  /** Adds the calls that are here, some perhaps twice, while the holder of the turn takes them. */
  @SuppressWarnings("ReferenceEquality") // whether the line has been walked on
  void collect(List<Call<?>> calls) {
    Item from;
    do {
      from = (Item) OLDEST.getAcquire(this);
      collect(from, calls);
    } while (from != OLDEST.getAcquire(this));
  }

  static void collect(@Nullable Item from, List<Call<?>> calls) {
    for (Item item = from; item != null; item = item.next) {
      if (item instanceof Call<?> call) {
        calls.add(call);
      }
    }
  }
}
