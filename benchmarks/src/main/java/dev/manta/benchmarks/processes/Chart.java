package dev.manta.benchmarks.processes;

import java.util.List;
import java.util.Locale;

/** A bar for each ratio on a logarithmic scale, to the right of 1 where Manta is better. */
final class Chart {
  private static final int LABELS = 290;
  private static final int PLOT = 520;
  private static final int FIGURES = 110;
  private static final int ROW = 20;
  private static final int BAR = 13;
  private static final int TOP = 56;
  private static final int GAP = 8;

  private final StringBuilder svg = new StringBuilder();
  private final List<Comparison> bars;
  private final int low;
  private final int high;

  private Chart(List<Comparison> bars) {
    this.bars = bars;
    low = (int) Math.floor(
        Math.min(-1, bars.stream()
            .mapToDouble(bar -> Math.min(exponent(ratio(bar)), exponent(
                bar.wanted())))
            .min()
            .orElseThrow()));
    high = (int) Math.ceil(
        Math.max(1, bars.stream()
            .mapToDouble(bar -> Math.max(exponent(ratio(bar)), exponent(
                bar.wanted())))
            .max()
            .orElseThrow()));
  }

  /** The drawing, of those that have a ratio. */
  static String of(List<Comparison> comparisons) {
    return new Chart(comparisons.stream().filter(bar -> bar.ratio() != null).toList()).draw();
  }

  private String draw() {
    int height = TOP + 16;
    for (int i = 0; i < bars.size(); i++) {
      height += ROW + gapBefore(i);
    }
    int width = LABELS + PLOT + FIGURES;
    add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
        + "font-family=\"sans-serif\" font-size=\"12\">", width, height);
    add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", width, height);
    add("<text x=\"12\" y=\"20\" font-size=\"15\">How many times better Manta is; "
        + "a mark is what is wanted, red is less than that</text>");
    axis(height);
    int y = TOP;
    for (int i = 0; i < bars.size(); i++) {
      y += gapBefore(i);
      bar(bars.get(i), y);
      y += ROW;
    }
    svg.append("</svg>\n");
    return svg.toString();
  }

  private int gapBefore(int i) {
    boolean first = i > 0 && !bars.get(i).figure().equals(bars.get(i - 1).figure());
    return first ? GAP : 0;
  }

  private void axis(int height) {
    for (int e = low; e <= high; e++) {
      double x = x(e);
      add("<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"%s\"/>", x, x, TOP - 6,
          height - 12, e == 0 ? "#333333" : "#dddddd");
      add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555555\">%s</text>", x,
          TOP - 12, e >= 0 ? String.format(Locale.ROOT, "%,.0f", Math.pow(10, e))
              : String.valueOf(
                  Math.pow(10, e)));
    }
  }

  private void bar(Comparison comparison, int y) {
    double ratio = ratio(comparison);
    double one = x(0);
    double end = x(exponent(ratio));
    boolean reached = comparison.wanted() == 0 || ratio >= comparison.wanted();
    add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", LABELS - 8, y + BAR - 2,
        comparison.name());
    add("<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
        Math.min(one, end), y, Math.max(1, Math.abs(end - one)), BAR,
        reached ? "#2f7d5b" : "#b5523b");
    add("<text x=\"%d\" y=\"%d\">%s</text>", LABELS + PLOT + 8, y + BAR - 2,
        String.format(Locale.ROOT, ratio >= 100 ? "%,.0f" : "%.2f", ratio));
    if (comparison.wanted() > 0) {
      double wanted = x(exponent(comparison.wanted()));
      add("<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#000000\" "
          + "stroke-width=\"2\"/>", wanted, wanted, y - 2, y + BAR + 2);
    }
  }

  private double x(double exponent) {
    return LABELS + PLOT * (exponent - low) / (high - low);
  }

  private static double exponent(double ratio) {
    return ratio == 0 ? 0 : Math.log10(ratio);
  }

  private static double ratio(Comparison comparison) {
    Double ratio = comparison.ratio();
    if (ratio == null) {
      throw new IllegalStateException("a bar without a ratio");
    }
    return ratio;
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
