package dev.manta.cluster.workers;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a worker prints: passed on to this process line by line, each with the worker's number, and
 * the last lines kept. A line longer than {@link #MOST_LINE_CHARS} is passed on in pieces. While
 * this process does not take them, the worker's output waits.
 */
final class Output {
  static final int MOST_LINE_CHARS = 8192;
  static final int KEPT_LINES = 20;

  private final String prefix;
  private final ArrayDeque<String> lastLines = new ArrayDeque<>();
  private boolean outOfMemory;

  Output(int worker) {
    prefix = "[worker " + worker + "] ";
  }

  /** Passes on all that a stream gives, to what the target is at the time; returns at its end. */
  void pump(InputStream stream, Supplier<PrintStream> target) {
    // the worker's too, which has the same environment and properties
    var charset =
        Charset.forName(System.getProperty("stdout.encoding"), Charset.defaultCharset());
    var line = new StringBuilder();
    var chunk = new char[MOST_LINE_CHARS];
    try (var reader = new InputStreamReader(stream, charset)) {
      for (int n = reader.read(chunk); n != -1; n = reader.read(chunk)) {
        for (int i = 0; i < n; i++) {
          add(chunk[i], line, target);
        }
      }
    } catch (IOException e) {
      // the stream was closed: the process has ended
    }
    if (!line.isEmpty()) {
      passOn(line, target);
    }
  }

  private void add(char c, StringBuilder line, Supplier<PrintStream> target) {
    if (c == '\n') {
      passOn(line, target);
      return;
    }
    boolean full = line.length() >= MOST_LINE_CHARS;
    if (full && !Character.isLowSurrogate(c)) {
      passOn(line, target);
    }
    line.append(c);
  }

  private void passOn(StringBuilder line, Supplier<PrintStream> target) {
    int length = line.length();
    if (length > 0 && line.charAt(length - 1) == '\r') {
      line.setLength(length - 1);
    }
    var text = line.toString();
    line.setLength(0);
    keep(text);
    try {
      target.get().println(prefix + text);
    } catch (RuntimeException e) {
      // a stream that fails must not stop the worker, which would wait for it
    }
  }

  private synchronized void keep(String line) {
    if (lastLines.size() == KEPT_LINES) {
      lastLines.removeFirst();
    }
    lastLines.addLast(line);
    outOfMemory |= line.startsWith(Exit.OUT_OF_MEMORY_MESSAGE);
  }

  synchronized List<String> lastLines() {
    return new ArrayList<>(lastLines);
  }

  /** Whether the JVM has said that it ends because it is out of memory. */
  synchronized boolean saidOutOfMemory() {
    return outOfMemory;
  }
}
