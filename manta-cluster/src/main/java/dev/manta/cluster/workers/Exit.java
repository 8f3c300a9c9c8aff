package dev.manta.cluster.workers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a worker process ended.
 *
 * @param worker its number
 * @param pid its process id
 * @param code its exit code; 128 and the number of a signal if a signal ended it
 * @param asked whether this process had asked it to end, or ended it, before it did
 * @param outOfMemory whether its JVM ended because it was out of memory
 * @param crashFile what its JVM wrote when it crashed; outlives the run
 * @param crashLines the first lines of that file
 * @param lastLines the last lines of its output, of stdout and stderr as they came
 */
public record Exit(
    int worker,
    long pid,
    int code,
    boolean asked,
    boolean outOfMemory,
    Optional<Path> crashFile,
    List<String> crashLines,
    List<String> lastLines) {
  /** The exit code of a JVM that was told to end when it is out of memory. */
  static final int OUT_OF_MEMORY = 3;

  /** What the JVM prints before it ends with that code. */
  static final String OUT_OF_MEMORY_MESSAGE = "Terminating due to java.lang.OutOfMemoryError";

  private static final int SIGNALLED = 128;
  private static final int MOST_SIGNAL = 64;
  private static final int SIGKILL = 9;
  private static final int MOST_LINE_CHARS = 400;

  /** The signals that have the same number everywhere. */
  private static final Map<Integer, String> SIGNALS =
      Map.ofEntries(
          Map.entry(1, "SIGHUP"),
          Map.entry(2, "SIGINT"),
          Map.entry(3, "SIGQUIT"),
          Map.entry(4, "SIGILL"),
          Map.entry(5, "SIGTRAP"),
          Map.entry(6, "SIGABRT"),
          Map.entry(8, "SIGFPE"),
          Map.entry(SIGKILL, "SIGKILL"),
          Map.entry(11, "SIGSEGV"),
          Map.entry(13, "SIGPIPE"),
          Map.entry(14, "SIGALRM"),
          Map.entry(15, "SIGTERM"));

  public Exit {
    crashLines = List.copyOf(crashLines);
    lastLines = List.copyOf(lastLines);
  }

  /** The name of the signal that ended it, if one did; a worker may itself exit like that. */
  public Optional<String> signal() {
    int number = code - SIGNALLED;
    if (number < 1 || number > MOST_SIGNAL) {
      return Optional.empty();
    }
    return Optional.of(SIGNALS.getOrDefault(number, "signal " + number));
  }

  /** What happened, for messages of errors: a clause with "worker" as its subject, and lines. */
  public String describe() {
    var text = new StringBuilder("worker %d (process %d) ".formatted(worker, pid));
    text.append(what());
    crashFile.ifPresent(file -> text.append("; its JVM crashed and wrote ").append(file));
    append(text, "\n  the crash file begins:", crashLines);
    append(text, lastLines.isEmpty() ? "; it printed nothing" : "; its last lines:", lastLines);
    return text.toString();
  }

  private String what() {
    if (outOfMemory) {
      return "ran out of memory (exit code %d)".formatted(code);
    }
    var signal = signal();
    if (signal.isEmpty()) {
      return asked && code == 0 ? "ended as it was asked" : "ended with exit code " + code;
    }
    var killed = "was killed by %s (exit code %d)".formatted(signal.get(), code);
    boolean bySystem = code == SIGNALLED + SIGKILL && !asked;
    return bySystem ? killed + ", as the system does when it is short of memory" : killed;
  }

  private static void append(StringBuilder text, String title, List<String> lines) {
    if (lines.isEmpty() && title.startsWith("\n")) {
      return;
    }
    text.append(title);
    for (var line : lines) {
      text.append("\n    ");
      text.append(line, 0, Math.min(line.length(), MOST_LINE_CHARS));
      if (line.length() > MOST_LINE_CHARS) {
        text.append(" ...");
      }
    }
  }
}
