package dev.manta.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs a program of another process within a time limit, after which nothing of it is left. */
public final class Command {
  private static final long LOOK_MILLIS = 200;
  private static final Duration DEATH = Duration.ofSeconds(5);

  private Command() {}

  /**
   * What a program has printed, and how it ended.
   *
   * @param out its output, complete or not
   * @param failure empty if it ended well; else what to tell a reader
   */
  public record Outcome(String out, Optional<String> failure) {}

  /**
   * Runs it to its end. At the limit it is killed with all the processes that it started; those
   * that outlive it are killed too.
   */
  public static Outcome run(List<String> command, Map<String, String> environment, Duration limit)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("benchmark", ".out");
    Path err = Files.createTempFile("benchmark", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      Process process = builder.start();
      process.getOutputStream().close();
      boolean ended = awaitEnd(process, limit);
      String printed = Files.readString(out, StandardCharsets.UTF_8);
      if (!ended) {
        return new Outcome(
            printed, Optional.of("not ended after " + limit.toSeconds() + " s: killed"));
      }
      return new Outcome(
          printed,
          process.exitValue() == 0
              ? Optional.empty()
              : Optional.of("status " + process.exitValue() + reason(err)));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static boolean awaitEnd(Process process, Duration limit) throws InterruptedException {
    Set<ProcessHandle> started = new LinkedHashSet<>();
    long endNs = System.nanoTime() + limit.toNanos();
    try {
      while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(started::add);
        if (System.nanoTime() - endNs >= 0) {
          return false;
        }
      }
      return true;
    } finally {
      process.destroyForcibly();
      // A handle knows when its process was started: it never means a later one of the same id.
      started.forEach(ProcessHandle::destroyForcibly);
      process.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** The line that names an exception, or the last one. */
  private static String reason(Path err) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(err), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    return lines.stream()
        .filter(line -> line.contains("Exception") || line.startsWith("Caused by"))
        .findFirst()
        .or(() -> lines.isEmpty() ? Optional.empty() : Optional.of(lines.getLast()))
        .map(line -> ": " + line.strip())
        .orElse("");
  }
}
