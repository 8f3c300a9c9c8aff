package dev.manta.engine;

import org.jspecify.annotations.Nullable;

/** An item that stands for its number. */
final class Note extends Item {
  private final int number;

  Note(int number) {
    this.number = number;
  }

  @Override
  boolean runInTurn(Incarnation actor, TurnRunner runner) {
    return true;
  }

  /** The numbers of what a mailbox had, oldest first; a dash for none. */
  static String numbers(@Nullable Item newest) {
    if (newest == null) {
      return "-";
    }
    StringBuilder numbers = new StringBuilder();
    for (Item i = newest; i != null; i = i.next) {
      numbers.insert(0, i instanceof Note n ? String.valueOf(n.number) : "?");
    }
    return numbers.toString();
  }
}
