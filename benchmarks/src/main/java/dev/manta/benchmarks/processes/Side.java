package dev.manta.benchmarks.processes;

import dev.manta.benchmarks.Children;
import dev.manta.benchmarks.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One program of one side: it runs when its first figure is asked for, once for all of them. */
final class Side {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String[] JVM = {
      "-Xms1g",
      "-Xmx1g",
      "-XX:+AlwaysPreTouch",
      "--sun-misc-unsafe-memory-access=allow"};

  private final String who;
  private final String program;
  private final Starter starter;
  private final int runs;
  private final Set<String> wanted = new LinkedHashSet<>();
  private @Nullable Map<String, Double> figures;

  private Side(String who, String program, int runs, Starter starter) {
    this.who = who;
    this.program = program;
    this.runs = runs;
    this.starter = starter;
  }

  /** Starts the program for some figures. */
  @FunctionalInterface
  private interface Starter {
    Command.Outcome run(List<String> figures) throws IOException, InterruptedException;
  }

  /** A program in a JVM of its own. */
  static Side java(String who, Class<?> program) {
    return java(who, program, 1);
  }

  /** The same, several times: the median counts. */
  static Side java(String who, Class<?> program, int runs) {
    return new Side(who, program.getSimpleName(), runs,
        args -> Command.run(Children.command(program, args, JVM), Map.of(), LIMIT));
  }

  /** A script of Ray's. */
  static Side ray(RayEnvironment ray, String script) {
    return new Side("ray", script, 1, args -> {
      List<String> command = new ArrayList<>(List.of(ray.python().toString(), "-B"));
      command.add(Path.of("src", "main", "python", script).toString());
      command.addAll(args);
      return ray.run(command, LIMIT);
    });
  }

  /** Whose program it is. */
  String who() {
    return who;
  }

  /** Says beforehand what will be asked for. */
  void want(String figure) {
    wanted.add(figure);
  }

  /** A figure, or null where it could not be had, which has been said. */
  @Nullable Double figure(String name) throws InterruptedException {
    if (figures == null) {
      figures = run();
    }
    return figures.get(name);
  }

  private Map<String, Double> run() throws InterruptedException {
    long startNs = System.nanoTime();
    Map<String, List<Double>> all = new LinkedHashMap<>();
    for (int i = 0; i < runs; i++) {
      try {
        Command.Outcome outcome = starter.run(List.copyOf(wanted));
        Children.figures(outcome.out())
            .forEach(
                (name, figure) -> all.computeIfAbsent(name, unused -> new ArrayList<>())
                    .add((double) figure));
        outcome.failure().ifPresent(this::sayNotAvailable);
        if (outcome.failure().isPresent()) {
          break;
        }
      } catch (IOException e) {
        sayNotAvailable(String.valueOf(e.getMessage()));
        break;
      }
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    all.forEach(
        (name, values) -> medians.put(
            name, Seconds.median(values.stream().mapToDouble(Double::doubleValue).toArray())));
    medians.forEach((name, value) -> System.out.printf("  %s %s %.0f%n", who, name, value));
    System.out.printf("  (%s took %d s)%n", program, (System.nanoTime() - startNs) / 1_000_000_000);
    return medians;
  }

  private void sayNotAvailable(String why) {
    String name = who.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + who.substring(1);
    System.out.println(name + ": not available for " + program + " " + wanted + ": " + why);
  }
}
