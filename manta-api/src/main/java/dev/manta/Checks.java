package dev.manta;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** The checks that options make, with errors that say what to do. */
final class Checks {
  private Checks() {}

  static int positive(int value, String what) {
    if (value <= 0) {
      throw new IllegalArgumentException(what + " must be 1 or more, not " + value);
    }
    return value;
  }

  static long positive(long value, String what) {
    if (value <= 0) {
      throw new IllegalArgumentException(what + " must be 1 or more, not " + value);
    }
    return value;
  }

  static int notNegative(int value, String what) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " must be 0 or more, not " + value);
    }
    return value;
  }

  static double amount(double value, String what) {
    if (!(value >= 0) || value > 1_000_000) {
      throw new IllegalArgumentException(what + " must be from 0 to 1,000,000, not " + value);
    }
    return value;
  }

  static Duration positive(Duration time, String what) {
    Objects.requireNonNull(time, what);
    if (time.isZero() || time.isNegative()) {
      throw new IllegalArgumentException(what + " must be longer than zero, not " + time);
    }
    return time;
  }

  static Duration notNegative(Duration time, String what) {
    Objects.requireNonNull(time, what);
    if (time.isNegative()) {
      throw new IllegalArgumentException(what + " must not be negative, not " + time);
    }
    return time;
  }

  static String name(String name, String what) {
    Objects.requireNonNull(name, what);
    if (name.isBlank()) {
      throw new IllegalArgumentException(what + " must not be blank: give it a name, or none");
    }
    return name;
  }

  /** Options as the command {@code java} takes them, each with its value in one word. */
  static List<String> jvmOptions(String... options) {
    for (String option : options) {
      name(option, "JVM option");
      if (!option.startsWith("-") && !option.startsWith("@")) {
        throw new IllegalArgumentException(
            "\"" + option + "\" is no JVM option, which begins with -: one that takes a value is"
                + " written in one word, as in -Xmx1g or --add-opens=module/package=other");
      }
    }
    return List.of(options);
  }
}
