package dev.manta.examples.after;

import java.util.Locale;

/** What an option costs, given the price of the share. */
record Quote(Option option, double spot, double price) {
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s for %.2f in %d days: %.4f (the share: %.2f)",
        option.symbol(), option.strike(), option.days(), price, spot);
  }
}
