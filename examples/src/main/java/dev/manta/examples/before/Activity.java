package dev.manta.examples.before;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What was asked for so far. */
final class Activity {
  private final Map<String, Integer> quotesBySymbol = new TreeMap<>();
  private double dearest;

  synchronized void record(Quote quote) {
    quotesBySymbol.merge(quote.option().symbol(), 1, Integer::sum);
    dearest = Math.max(dearest, quote.price());
  }

  synchronized String summary() {
    return String.format(Locale.ROOT, "quotes %s, the dearest %.4f", quotesBySymbol, dearest);
  }
}
