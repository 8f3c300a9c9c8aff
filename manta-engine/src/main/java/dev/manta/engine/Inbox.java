package dev.manta.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox, and what the holder of the turn has taken from it and not done yet, in two lines:
 * runners that wait for the turn, and all other items, each in the order of their arrival. A runner
 * whose call yields stands among the other items: all that came before it go first. Only the
 * holder of the turn uses it, but for {@link #offer} and {@link #collect}.
 */
abstract class Inbox extends PaddedMailbox {
  /** Replaced under this object's monitor; null, by the holder of the turn, when it is empty. */
  private @Nullable ItemLine items;

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
      ItemLine line = items;
      if (line == null) {
        return null;
      }
      item = line.poll();
      if (line.isEmpty()) {
        items = null;
      }
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

  /** Sorts what the mailbox had, newest first, into lines. There are no runners here. */
  private void sort(@Nullable Item newest) {
    Item oldestRunner = null;
    Item oldestItem = null;
    Item newestItem = null;
    Item item = newest;
    while (item != null) {
      Item older = item.next;
      if (item instanceof TurnRunner runner && !runner.isYielding()) {
        item.next = oldestRunner;
        oldestRunner = item;
      } else {
        item.next = oldestItem;
        oldestItem = item;
        newestItem = newestItem == null ? item : newestItem;
      }
      item = older;
    }
    runners = oldestRunner;
    if (oldestItem != null && newestItem != null) {
      ItemLine line = items;
      if (line == null) {
        items = new ItemLine(oldestItem, newestItem);
      } else {
        line.append(oldestItem, newestItem);
      }
    }
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
    ItemLine line = items;
    if (line != null) {
      line.putFirst(calls);
      return;
    }
    Item newest = calls.last();
    Item oldest = calls.drainBefore(null);
    if (oldest != null && newest != null) {
      items = new ItemLine(oldest, newest);
    }
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
  final void collect(List<Call<?>> calls) {
    Call<?> soon = first;
    if (soon != null) {
      calls.add(soon);
    }
    ItemLine line = items;
    if (line != null) {
      line.collect(calls);
    }
    ItemLine.collect(newest(), calls);
  }
}
