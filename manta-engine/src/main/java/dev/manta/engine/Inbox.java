package dev.manta.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox, and what the holder of the turn has taken from it and not done yet, in two lines:
 * runners that wait for the turn, and all other items, each in the order of their arrival. A runner
 * whose call yields stands among the other items: all that came before it go first. Only the
 * holder of the turn uses it, but for {@link #offer} and {@link #collect}.
 */
abstract class Inbox extends Mailbox {
  private static final VarHandle ITEMS;

  static {
    try {
      ITEMS = MethodHandles.lookup().findVarHandle(Inbox.class, "items", Item.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private @Nullable Item items;
  private @Nullable Item lastItem;
  private @Nullable Item runners;
  private @Nullable Call<?> first;
  private boolean runnerCameLast;
  private int credit = Spins.CREDIT;

  /** The next item for a runner that keeps the turn: what needs no other runner, first. */
  final @Nullable Item poll() {
    Item item = pollItem();
    if (item == null && runners == null) {
      takeMail();
      item = pollItem();
    }
    return item == null ? pollRunner() : item;
  }

  /**
   * The next item where the turn is passed on: a runner that waits for it, first. That ends its call,
   * as a rule, and then starts the next: the turn changes hands once a call, and no thread is made.
   * So that none starves, two runners in a row have it only where there is no other item.
   */
  final @Nullable Item pollToPass() {
    Item item = nextRunner() == null || runnerCameLast ? pollItem() : null;
    return item == null ? pollRunner() : item;
  }

  /** The first of the runners that wait for the turn; null if there is none. */
  final @Nullable Item nextRunner() {
    if (runners == null) {
      takeMail();
    }
    return runners;
  }

  private @Nullable Item pollRunner() {
    Item runner = runners;
    if (runner != null) {
      runners = runner.next;
      runner.next = null;
      runnerCameLast = true;
    }
    return runner;
  }

  private @Nullable Item pollItem() {
    Item item = first;
    if (item != null) {
      first = null;
    } else {
      item = items;
      if (item == null) {
        return null;
      }
      Item newer = item.next;
      ITEMS.setRelease(this, newer);
      if (newer == null) {
        lastItem = null;
      }
      item.next = null;
    }
    runnerCameLast = false;
    return item;
  }

  private void takeMail() {
    if (!isEmpty()) {
      synchronized (this) {
        sort(takeAll()); // under the lock, so that a look from outside misses none in between
      }
    }
  }

  /** Sorts what the mailbox has. There are no runners here. */
  private void sort(@Nullable Item oldest) {
    Item lastRunner = null;
    Item item = oldest;
    while (item != null) {
      Item newer = item.next;
      item.next = null;
      if (!(item instanceof TurnRunner runner) || runner.isYielding()) {
        append(item);
      } else if (lastRunner == null) {
        runners = item;
        lastRunner = item;
      } else {
        lastRunner.next = item;
        lastRunner = item;
      }
      item = newer;
    }
  }

  private void append(Item item) {
    Item last = lastItem;
    if (last == null) {
      ITEMS.setRelease(this, item);
    } else {
      last.next = item;
    }
    lastItem = item;
  }

  /** Whether a call is {@link #putFirst(Call) put first} and still to be polled. */
  final boolean hasFirst() {
    return first != null;
  }

  /** Puts a call, if there is one, before all other items. */
  final void putFirst(@Nullable Call<?> call) {
    first = call;
  }

  /** Puts calls before all other items, in their order. Under this object's monitor. */
  final void putFirst(CallList calls) {
    Item oldest = calls.drainBefore(items);
    if (lastItem == null) {
      for (Item item = oldest; item != null; item = item.next) {
        lastItem = item;
      }
    }
    ITEMS.setRelease(this, oldest);
  }

  /** Whether an item comes soon: who got an answer may well ask again. */
  final boolean spinForItems() {
    for (int looks = Spins.looks(credit); looks > 0 && isEmpty(); looks--) {
      Thread.onSpinWait();
    }
    boolean came = !isEmpty();
    credit = Spins.next(credit, came);
    return came;
  }

  /**
   * Adds the calls that are here, some perhaps twice. By any thread, under this object's monitor: the
   * holder of the turn may stand still.
   */
  @SuppressWarnings("ReferenceEquality") // whether the list has been walked on
  final void collect(List<Call<?>> calls) {
    Call<?> soon = first;
    if (soon != null) {
      calls.add(soon);
    }
    Item oldest;
    do {
      oldest = (Item) ITEMS.getAcquire(this);
      collect(oldest, calls);
    } while (oldest != ITEMS.getAcquire(this));
    collect(newest(), calls);
  }

  private static void collect(@Nullable Item from, List<Call<?>> calls) {
    for (Item item = from; item != null; item = item.next) {
      if (item instanceof Call<?> call) {
        calls.add(call);
      }
    }
  }
}
