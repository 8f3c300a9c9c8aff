package dev.manta.examples.support;

import java.util.Locale;

/** Prints lines of a name and a value, below each other. */
public final class Table {
  private Table() {}

  /** A line that says what follows. */
  public static void title(String format, Object... values) {
    System.out.println();
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  /** A line of a name and a value. */
  public static void line(String name, String format, Object... values) {
    System.out.printf("  %-24s %s%n", name, String.format(Locale.ROOT, format, values));
  }
}
