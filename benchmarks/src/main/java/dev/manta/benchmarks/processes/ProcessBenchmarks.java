package dev.manta.benchmarks.processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Measures Manta's worker processes and their peers, prints {@code RATIO name.peer manta peer
 * ratio} for each pair, and keeps them in {@code benchmarks/results/processes.json}, with a chart
 * beside it. Where a side has no figure, the line says so and there is no ratio.
 */
public final class ProcessBenchmarks {
  private static final Path RESULTS = Path.of("results");
  private static final Set<String> PEERS = Set.of("ray", "pekko", "netty", "raw");

  private ProcessBenchmarks() {}

  /**
   * Runs them.
   *
   * @param peers names with commas; {@code none} for Manta alone
   * @param only names of figures, or of groups of them by their first parts; empty for all
   * @throws IllegalArgumentException for a name that there is not
   */
  public static void run(String peers, List<String> only)
      throws IOException, InterruptedException {
    Set<String> chosen = new LinkedHashSet<>();
    for (String peer : List.of(peers.split(","))) {
      if (PEERS.contains(peer)) {
        chosen.add(peer);
      } else if (!peer.equals("none")) {
        throw new IllegalArgumentException(
            "-Dpeers=" + peer + ": no such peer; there are " + PEERS + " and none");
      }
    }
    List<Figure> figures = select(new ProcessFigures().all(), only);
    figures.forEach(figure -> figure.announce(chosen));
    List<Comparison> comparisons = new ArrayList<>();
    for (Figure figure : figures) {
      System.out.println(figure.name());
      comparisons.addAll(figure.measure(chosen));
    }
    System.out.println();
    comparisons.forEach(comparison -> System.out.println(comparison.explained()));
    System.out.println();
    comparisons.forEach(comparison -> System.out.println(comparison.line()));
    Files.createDirectories(RESULTS);
    Files.writeString(RESULTS.resolve("processes.json"), Json.of(comparisons));
    if (comparisons.stream().anyMatch(comparison -> comparison.ratio() != null)) {
      Files.writeString(RESULTS.resolve("processes.svg"), Chart.of(comparisons));
    } else {
      System.out.println("No ratios: no chart is drawn.");
    }
  }

  private static List<Figure> select(List<Figure> all, List<String> only) {
    if (only.isEmpty()) {
      return all;
    }
    Set<Figure> selected = new LinkedHashSet<>();
    for (String name : only) {
      List<Figure> some =
          all.stream()
              .filter(figure -> figure.name().equals(name) || figure.name().startsWith(name + "."))
              .toList();
      if (some.isEmpty()) {
        throw new IllegalArgumentException(
            "-Donly=" + name + ": no such figure; there are "
                + all.stream().map(Figure::name).toList());
      }
      selected.addAll(some);
    }
    return List.copyOf(selected);
  }
}
