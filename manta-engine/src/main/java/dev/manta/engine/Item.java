package dev.manta.engine;

import org.jspecify.annotations.Nullable;

/** What a mailbox holds: something to do in a turn of its actor. */
abstract class Item {
  /** The link of the mailbox: older while pushed, newer once taken. Owned by the mailbox. */
  @Nullable Item next;

  /**
   * Does it, in the turn that {@code runner} holds.
   *
   * @return whether {@code runner} still holds the turn; if not, another runner has it
   */
  abstract boolean runInTurn(Incarnation actor, TurnRunner runner);
}
