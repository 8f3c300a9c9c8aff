package dev.manta.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs programs in JVMs of their own, with this one's class path. */
public final class Children {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private Children() {}

  /** What the program printed: lines of a name and a whole number. */
  static Map<String, Long> figures(
      Class<?> program, List<String> args, String... jvmOptions)
      throws IOException, InterruptedException {
    return figures(run(program, args, jvmOptions));
  }

  /** The lines of a name and a whole number in what was printed. */
  public static Map<String, Long> figures(String printed) {
    Map<String, Long> figures = new HashMap<>();
    for (String line : printed.split("\n")) {
      if (line.matches("\\S+ -?\\d{1,18}")) {
        String[] parts = line.split(" ");
        figures.put(parts[0], Long.parseLong(parts[1]));
      }
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

  /** The command that runs a program in a JVM like this one. */
  public static List<String> command(
      Class<?> program, List<String> args, String... jvmOptions) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(jvmOptions));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(args);
    return command;
  }

  private static String run(Class<?> program, List<String> args, String... jvmOptions)
      throws IOException, InterruptedException {
    Command.Outcome outcome = Command.run(command(program, args, jvmOptions), Map.of(), LIMIT);
    if (outcome.failure().isPresent()) {
      throw new IOException(
          program.getName() + ": " + outcome.failure().get() + "; it printed: " + outcome.out());
    }
    return outcome.out().strip();
  }
}
