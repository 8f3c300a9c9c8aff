package dev.manta.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * An unbounded lock-free queue, many producers and one consumer, whose one word is also the actor's
 * turn: null is idle and empty, {@link #BUSY} is held and empty, anything else is held with the
 * newest item on top of a stack. Who offers to an idle mailbox holds the turn. What bounds it is the
 * actor's limit of pending calls.
 */
class Mailbox extends Padding {
  /*
   * One compare-and-set an offer, one swap a batch, one compare-and-set to go idle: there is no
   * second word that the first could disagree with. The consumer (Inbox) reverses a batch into the
   * order of arrival.
   */
  private static final Item BUSY =
      new Item() {
        @Override
        boolean runInTurn(Incarnation actor, TurnRunner runner) {
          throw new AssertionError("the mark of a held turn is no item");
        }
      };

  private static final VarHandle HEAD;

  static {
    try {
      HEAD = MethodHandles.lookup().findVarHandle(Mailbox.class, "head", Item.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable Item head;

  /**
   * Adds an item, or takes the turn.
   *
   * @return true if the mailbox was idle: the caller holds the turn now and the item in its hand,
   *     it is not in the mailbox
   */
  final boolean offer(Item item) {
    for (;;) {
      Item top = head;
      if (top == null) {
        item.next = null;
        if (HEAD.compareAndSet(this, null, BUSY)) {
          return true;
        }
      } else {
        item.next = top == BUSY ? null : top;
        if (HEAD.compareAndSet(this, top, item)) {
          return false;
        }
      }
      Thread.onSpinWait();
    }
  }

  /**
   * Takes all items, newest first, linked by {@code next} to older ones; null if there are none. Only by
   * the holder of the turn.
   */
  final @Nullable Item takeAll() {
    return head == BUSY ? null : (Item) HEAD.getAndSet(this, BUSY);
  }

  /** Whether no item has come. Only by the holder of the turn. */
  final boolean isEmpty() {
    return head == BUSY;
  }

  /** Gives the turn up; false if an item has come meanwhile. Only by the holder of the turn. */
  final boolean release() {
    return HEAD.compareAndSet(this, BUSY, null);
  }

  /** Whether somebody holds the turn. */
  final boolean isHeld() {
    return head != null;
  }

  /**
   * The newest item, for a look from outside at a mailbox whose consumer stands still; linked by
   * {@code next} to older ones.
   */
  final @Nullable Item newest() {
    Item top = head;
    return top == BUSY ? null : top;
  }
}
