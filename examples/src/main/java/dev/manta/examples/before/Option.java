package dev.manta.examples.before;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The right to buy a share for {@code strike} after {@code days}; it pays by the average price of
 * those days.
 */
record Option(String symbol, double strike, int days) {
  private static final int MAX_DAYS = 3650;

  Option {
    if (strike <= 0 || days <= 0 || days > MAX_DAYS) {
      throw new IllegalArgumentException(
          "strike must be more than 0, and days from 1 to " + MAX_DAYS);
    }
  }

  /** Reads {@code symbol}, {@code strike} and {@code days} of a query. */
  static Option of(Map<String, String> query) {
    return parse(query.get("symbol"), query.get("strike"), query.get("days"));
  }

  static Option parse(@Nullable String symbol, @Nullable String strike, @Nullable String days) {
    if (symbol == null || symbol.isBlank() || strike == null || days == null) {
      throw new IllegalArgumentException("an option has a symbol, a strike and days");
    }
    return new Option(symbol, Double.parseDouble(strike), Integer.parseInt(days));
  }
}
