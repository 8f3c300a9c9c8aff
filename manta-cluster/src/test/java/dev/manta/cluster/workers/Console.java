package dev.manta.cluster.workers;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Takes what this JVM prints while it is open, and whatever lines a test adds. */
final class Console implements AutoCloseable {
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> seen = new ArrayList<>();

  private Console() {}

  static Console open() {
    var console = new Console();
    System.setOut(console.stream("out "));
    System.setErr(console.stream("err "));
    return console;
  }

  /** A console for the lines of one process. */
  static Console of(Process process) {
    var console = new Console();
    var reader = process.inputReader();
    Thread.ofPlatform().daemon().start(() -> {
      try {
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
          console.lines.add(line);
        }
      } catch (IOException e) {
        // it was closed
      }
    });
    return console;
  }

  private PrintStream stream(String prefix) {
    return new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
      @Override
      public void println(String line) {
        lines.add(prefix + line);
      }
    };
  }

  /** Waits for a line that ends so, and returns it. */
  String await(String end) throws InterruptedException {
    while (true) {
      var line = lines.poll(Waits.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
      if (line == null) {
        return fail("no line ends with <%s> in %s", end, seen);
      }
      seen.add(line);
      if (line.endsWith(end)) {
        return line;
      }
    }
  }

  /** The lines that came before the last one that was waited for, and that one. */
  List<String> seen() {
    return seen;
  }

  @Override
  public void close() {
    System.setOut(out);
    System.setErr(err);
  }
}
