package dev.manta.examples.after;

import java.util.Arrays;
import java.util.List;

/** A number of equal options. */
record Position(int quantity, Option option) {
  /** Reads {@code 10:ACME:120:90,5:UMBR:30:30}: quantity, symbol, strike and days of each. */
  static List<Position> parse(String text) {
    return Arrays.stream(text.split(",")).map(Position::parseOne).toList();
  }

  private static Position parseOne(String text) {
    String[] parts = text.split(":");
    if (parts.length != 4) {
      throw new IllegalArgumentException(
          "a position is quantity:symbol:strike:days, not " + text);
    }
    return new Position(Integer.parseInt(parts[0]), Option.parse(parts[1], parts[2], parts[3]));
  }
}
