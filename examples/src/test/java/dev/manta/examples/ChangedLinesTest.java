package dev.manta.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The promise of the front page: an asynchronous application scales with 20 changed lines. */
class ChangedLinesTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/manta/examples");
  private static final int MOST = 20;

  @Test
  void application_scaledWithManta_changesFewLines() throws IOException {
    int changed = 0;
    int size = 0;
    for (String file : files()) {
      List<String> before = lines("before", file);
      changed += LineDiff.changed(before, lines("after", file));
      size += before.size();
    }

    assertThat(changed).as("changed lines").isBetween(1, MOST);
    assertThat(size).as("lines of the application").isGreaterThan(300);
  }

  @Test
  void changed_countsReplacedAddedAndRemovedLines() {
    List<String> before = List.of("a", "b", "c", "d", "e");

    assertThat(LineDiff.changed(before, List.of("a", "x", "c", "d", "e"))).isEqualTo(1);
    assertThat(LineDiff.changed(before, List.of("a", "b", "c", "new", "d"))).isEqualTo(2);
    assertThat(LineDiff.changed(before, List.of("a", "x", "y", "c", "d", "e"))).isEqualTo(2);
    assertThat(LineDiff.changed(before, before)).isZero();
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> before = Files.list(SOURCES.resolve("before"));
        Stream<Path> after = Files.list(SOURCES.resolve("after"))) {
      return Stream.concat(before, after)
          .map(file -> file.getFileName().toString())
          .distinct()
          .sorted()
          .toList();
    }
  }

  /** Without the line that names the package, which differs only because both are kept. */
  private static List<String> lines(String version, String file) throws IOException {
    Path path = SOURCES.resolve(version).resolve(file);
    if (!Files.exists(path)) {
      return List.of();
    }
    return Files.readAllLines(path).stream().filter(line -> !line.startsWith("package ")).toList();
  }
}
