package dev.manta.examples.after;

import java.util.SplittableRandom;

/** Prices an option by playing many possible futures. Heavy computation, and nothing else. */
final class MonteCarlo {
  private static final int PATHS = 10_000;
  private static final int DAYS_PER_YEAR = 365;
  private static final double RATE = 0.03;
  private static final double VOLATILITY = 0.25;
  private static final long SEED = 20_200_302;

  private MonteCarlo() {}

  /** The price of an option. The same arguments give the same price. */
  static double price(Option option, double spot) {
    if (option.strike() > 100 * spot) {
      throw new ArithmeticException("the strike is out of reach: " + option.strike());
    }
    SplittableRandom random = new SplittableRandom(SEED);
    double sum = 0;
    for (int path = 0; path < PATHS; path++) {
      sum += Math.max(0, averagePrice(random, spot, option.days()) - option.strike());
    }
    double years = (double) option.days() / DAYS_PER_YEAR;
    return Math.exp(-RATE * years) * sum / PATHS;
  }

  private static double averagePrice(SplittableRandom random, double spot, int days) {
    double step = 1.0 / DAYS_PER_YEAR;
    double drift = (RATE - VOLATILITY * VOLATILITY / 2) * step;
    double spread = VOLATILITY * Math.sqrt(step);
    double price = spot;
    double sum = 0;
    for (int day = 0; day < days; day++) {
      price *= Math.exp(drift + spread * random.nextGaussian());
      sum += price;
    }
    return sum / days;
  }
}
