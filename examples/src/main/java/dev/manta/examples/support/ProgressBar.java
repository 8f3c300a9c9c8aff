package dev.manta.examples.support;

import java.io.Console;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** A bar that grows on one line of a terminal; prints nothing where the output is none. */
public final class ProgressBar implements AutoCloseable {
  /** A bar that is never seen. */
  public static final ProgressBar NONE = new ProgressBar(1, false);

  private static final int WIDTH = 50;

  private final int total;
  private final boolean visible;
  private final AtomicInteger done = new AtomicInteger();

  ProgressBar(int total, boolean visible) {
    this.total = total;
    this.visible = visible;
  }

  /** A bar that is full after {@code total} steps. */
  public static ProgressBar of(int total) {
    Console console = System.console();
    return new ProgressBar(total, console != null && console.isTerminal());
  }

  /** One more is done. May be called by many threads at once. */
  public void step() {
    int now = done.incrementAndGet();
    if (visible && cells(now) > cells(now - 1)) {
      System.out.print(line(now));
      System.out.flush();
    }
  }

  /** Removes the bar. */
  @Override
  public void close() {
    if (visible) {
      System.out.print("\r" + " ".repeat(line(total).length()) + "\r");
      System.out.flush();
    }
  }

  String line(int now) {
    String bar = "#".repeat(cells(now)) + ".".repeat(WIDTH - cells(now));
    return String.format(Locale.ROOT, "\r  [%s] %,d of %,d", bar, now, total);
  }

  private int cells(int now) {
    return (int) ((long) WIDTH * now / total);
  }
}
