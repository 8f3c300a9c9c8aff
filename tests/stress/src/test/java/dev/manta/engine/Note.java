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

  /** The numbers of a list, oldest first; a dash for none. */
  static String numbers(@Nullable Item oldest) {
    if (oldest == null) {
      return "-";
    }
    StringBuilder numbers = new StringBuilder();
    for (Item i = oldest; i != null; i = i.next) {
      numbers.append(i instanceof Note n ? n.number : "?");
    }
    return numbers.toString();
  }
}
