package dev.manta.benchmarks.processes;

import dev.manta.benchmarks.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Ray in a virtual environment of Python's under {@code target}, made when it is first needed. */
final class RayEnvironment {
  /** What is installed. */
  static final String RAY = "2.60.0";
  /** What is installed for arrays. */
  static final String NUMPY = "2.4.6";

  private static final Duration VENV_LIMIT = Duration.ofMinutes(1);
  private static final Duration INSTALL_LIMIT = Duration.ofMinutes(5);

  private final Path directory = Path.of("target", "ray-" + RAY).toAbsolutePath();
  private @Nullable String failure;

  /**
   * The interpreter.
   *
   * @throws IOException if Ray can't be had; the same each time
   */
  Path python() throws IOException, InterruptedException {
    if (failure != null) {
      throw new IOException(failure);
    }
    Path python = directory.resolve("bin").resolve("python");
    Path complete = directory.resolve("complete");
    if (!Files.exists(complete)) {
      System.out.println("Installing Ray " + RAY + " into " + directory);
      Files.createDirectories(directory.getParent());
      step("no virtual environment of python3", VENV_LIMIT,
          List.of("python3", "-m", "venv", "--clear", directory.toString()));
      step("pip did not install Ray " + RAY, INSTALL_LIMIT,
          List.of(
              python.toString(), "-m", "pip", "install", "-q", "--disable-pip-version-check",
              "ray==" + RAY, "numpy==" + NUMPY));
      Files.createFile(complete);
    }
    return python;
  }

  private void step(String whatFailed, Duration limit, List<String> command)
      throws IOException, InterruptedException {
    String why;
    try {
      why = Command.run(command, Map.of(), limit).failure().orElse(null);
    } catch (IOException e) {
      why = e.getMessage();
    }
    if (why != null) {
      failure = whatFailed + ": " + why;
      throw new IOException(failure);
    }
  }

  /**
   * Runs a program. Ray's files lie in a short path, since unix sockets need one, and are deleted
   * after; its processes listen on the loopback address alone, and it reports to nobody.
   */
  Command.Outcome run(List<String> command, Duration limit)
      throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory("ray");
    Map<String, String> environment =
        Map.of(
            "RAY_TEMP", scratch.toString(),
            "RAY_USAGE_STATS_ENABLED", "0",
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0");
    try {
      return Command.run(command, environment, limit);
    } finally {
      try (Stream<Path> files = Files.walk(scratch)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      } catch (IOException | UncheckedIOException e) {
        System.out.println("  ray left something behind: " + e.getMessage());
      }
    }
  }
}
