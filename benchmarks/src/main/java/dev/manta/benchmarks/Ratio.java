package dev.manta.benchmarks;

import java.util.Locale;

/**
 * How Manta compares with a peer, or a limit, in one run.
 *
 * @param name the figure's name
 * @param manta Manta's figure
 * @param peer the peer's figure, or the limit
 * @param unit of both
 * @param ratio how many times better Manta is
 * @param wanted the ratio that is wanted at least
 */
public record Ratio(String name, double manta, double peer, String unit, double ratio,
    double wanted) {
  /** Of two rates: more is better. */
  public static Ratio ofRates(String name, double manta, double peer, String unit, double wanted) {
    return new Ratio(name, manta, peer, unit, manta / peer, wanted);
  }

  /** Of two times, or of memory and its limit: less is better. */
  public static Ratio ofCosts(String name, double manta, double peer, String unit, double wanted) {
    return new Ratio(name, manta, peer, unit, peer / manta, wanted);
  }

  /** The line that is printed and kept. */
  public String line() {
    return String.format(Locale.ROOT, "RATIO %s %s %s %.2f", name, short3(manta), short3(peer),
        ratio);
  }

  /** The line with units and with what was wanted, for people. */
  public String explained() {
    return String.format(Locale.ROOT,
        "%-38s Manta %13s, peer or limit %12s %-10s  %.2f (wanted: %.2f)%s",
        name, short3(manta), short3(peer), unit, ratio, wanted, ratio < wanted ? "  BELOW" : "");
  }

  /** A figure for people: three digits at least. */
  public static String short3(double figure) {
    return figure >= 100
        ? String.format(Locale.ROOT, "%.0f", figure)
        : String.format(Locale.ROOT, "%.3g", figure);
  }
}
