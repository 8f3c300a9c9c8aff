package dev.manta.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs in JVMs of their own, with this one's class path. */
final class Children {
  private static final long LIMIT_MINUTES = 3;

  private Children() {}

  /** What the program printed: lines of a name and a whole number. */
  static Map<String, Long> figures(
      Class<?> program, List<String> args, String... jvmOptions)
      throws IOException, InterruptedException {
    Map<String, Long> figures = new HashMap<>();
    for (String line : run(program, args, jvmOptions).split("\n")) {
      String[] parts = line.split(" ");
      figures.put(parts[0], Long.parseLong(parts[1]));
    }
    return figures;
  }

  /** The time from the start of the JVM to its end in milliseconds. */
  static double millis(Class<?> program) throws IOException, InterruptedException {
    long startNs = System.nanoTime();
    run(program, List.of());
    return (System.nanoTime() - startNs) / 1e6;
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String run(Class<?> program, List<String> args, String... jvmOptions)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(jvmOptions));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(args);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException(program.getName() + " did not end well; it printed: " + out);
      }
      return out.strip();
    } finally {
      process.destroyForcibly();
    }
  }
}
