package dev.manta.benchmarks.processes;

import dev.manta.benchmarks.Ratio;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A figure of Manta's beside one of a peer's, or a limit; either may be missing, and is never made
 * up.
 *
 * @param figure its name
 * @param peer whose figure the other one is
 * @param unit of both
 * @param rates whether more is better
 * @param manta Manta's, or null
 * @param theirs the peer's, or null
 * @param wanted the ratio that is wanted at least; 0 for a line that is only shown
 */
record Comparison(
    String figure, String peer, String unit, boolean rates, @Nullable Double manta,
    @Nullable Double theirs, double wanted) {
  String name() {
    return figure + "." + peer;
  }

  /** How many times better Manta is, or null. */
  @Nullable Double ratio() {
    Ratio ratio = asRatio();
    return ratio == null ? null : (Double) ratio.ratio();
  }

  /** The line that is printed. */
  String line() {
    Ratio ratio = asRatio();
    return ratio == null
        ? "NO RATIO " + name() + ": Manta " + shown(manta) + ", peer " + shown(theirs) + " " + unit
        : ratio.line();
  }

  /** The line for people. */
  String explained() {
    Ratio ratio = asRatio();
    return ratio == null
        ? String.format(
            Locale.ROOT, "%-38s Manta %13s, peer or limit %12s %-10s", name(), shown(manta),
            shown(theirs), unit)
        : ratio.explained();
  }

  private @Nullable Ratio asRatio() {
    if (manta == null || theirs == null) {
      return null;
    }
    return rates
        ? Ratio.ofRates(name(), manta, theirs, unit, wanted)
        : Ratio.ofCosts(name(), manta, theirs, unit, wanted);
  }

  private static String shown(@Nullable Double figure) {
    return figure == null ? "not available" : Ratio.short3(figure);
  }
}
