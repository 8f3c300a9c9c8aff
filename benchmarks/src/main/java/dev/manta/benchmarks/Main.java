package dev.manta.benchmarks;

import dev.manta.benchmarks.processes.ProcessBenchmarks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures Manta and its peers in one run, prints a line {@code RATIO name manta peer ratio} for each
 * figure, and keeps the lines in {@code benchmarks/results/latest.txt}.
 *
 * <p>Properties: {@code quick=false} takes longer and more runs; {@code only=name,...} measures
 * some; {@code peers=ray,pekko,netty,raw} measures worker processes in place of this, against those
 * peers.
 */
public final class Main {
  private static final Path RESULTS = Path.of("results", "latest.txt");

  private Main() {}

  /** Ends with status 2 for a bad property. */
  public static void main(String[] args) throws Exception {
    String peers = System.getProperty("peers");
    if (peers != null) {
      processes(peers);
      return;
    }
    Map<String, Figures.Figure> figures =
        new Figures(!"false".equals(System.getProperty("quick"))).all();
    String only = System.getProperty("only");
    if (only != null) {
      Map<String, Figures.Figure> some = new LinkedHashMap<>();
      for (String name : Arrays.asList(only.split(","))) {
        Figures.Figure figure = figures.get(name);
        if (figure == null) {
          System.err.println("-Donly=" + name + ": no such figure; there are " + figures.keySet());
          System.exit(2);
          return;
        }
        some.put(name, figure);
      }
      figures = some;
    }
    List<Ratio> ratios = new ArrayList<>();
    for (Figures.Figure figure : figures.values()) {
      ratios.addAll(figure.measure());
    }
    System.out.println();
    ratios.forEach(ratio -> System.out.println(ratio.explained()));
    System.out.println();
    List<String> lines = ratios.stream().map(Ratio::line).toList();
    lines.forEach(System.out::println);
    Files.createDirectories(RESULTS.getParent());
    Files.write(RESULTS, lines);
  }

  private static void processes(String peers) throws Exception {
    String only = System.getProperty("only");
    try {
      ProcessBenchmarks.run(peers, only == null ? List.of() : List.of(only.split(",")));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }
}
