package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/behaviours.md} has every line, and every test that it names is there. */
class BehavioursTableTest {
  private static final Path ROOT = root();

  /** Up to the first cell of a row. */
  private static final Pattern ROW = Pattern.compile("\\| ((?:CONTRACT |[A-Z])\\d+) \\|");

  /** What is quoted and named like a test, in a table or beside it. */
  private static final Pattern NAMED = Pattern.compile("`(\\w+#[^`]+)`");

  /** A test in Java or Kotlin, up to its name. */
  private static final Pattern TEST =
      Pattern.compile(
          "@(?:Test|ParameterizedTest|TestFactory|RepeatedTest)\\b.*?[\\w>]\\s+`?(\\w+)`?\\(",
          Pattern.DOTALL);

  /** How many lines there are of each letter. */
  private static final Map<String, Integer> LINES =
      Map.of("A", 14, "G", 3, "T", 7, "C", 10, "S", 12, "L", 11, "N", 2, "B", 4, "R", 12,
          "CONTRACT ", 15);

  /** Promises about processes alone, which tests of their modules show. */
  private static final Set<String> WITHOUT_TESTS = Set.of("CONTRACT 11", "CONTRACT 13");

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("docs/behaviours.md"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  private static List<String> table() throws IOException {
    return Files.readAllLines(ROOT.resolve("docs/behaviours.md"));
  }

  /** The ids of the rows, with how many tests each names. */
  private static Map<String, Integer> rows() throws IOException {
    Map<String, Integer> rows = new HashMap<>();
    for (String line : table()) {
      Matcher row = ROW.matcher(line);
      if (row.lookingAt()) {
        Integer before = rows.put(row.group(1), (int) NAMED.matcher(line).results().count());
        assertThat(before).as("%s is there twice", row.group(1)).isNull();
      }
    }
    return rows;
  }

  private static boolean isSource(Path file) {
    String name = file.toString();
    return (name.endsWith(".java") || name.endsWith(".kt")) && !name.contains("/target/");
  }

  /** The tests of the modules in {@code tests}, as class#method. */
  private static Set<String> tests() throws IOException {
    Set<String> tests = new HashSet<>();
    try (Stream<Path> files = Files.walk(ROOT.resolve("tests"))) {
      files.filter(BehavioursTableTest::isSource).forEach(f -> addTests(f, tests));
    }
    return tests;
  }

  private static void addTests(Path file, Set<String> tests) {
    String name = file.getFileName().toString().replaceFirst("\\..*", "");
    String source = read(file);
    if (source.contains("class " + name + " ")) {
      TEST.matcher(source).results().forEach(m -> tests.add(name + "#" + m.group(1)));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** No behaviour and no promise is forgotten, and none is invented. */
  @Test
  void table_hasEveryLineOnce() throws IOException {
    List<String> lines = new ArrayList<>();
    LINES.forEach(
        (letter, count) -> IntStream.rangeClosed(1, count).forEach(n -> lines.add(letter + n)));

    Set<String> found = rows().keySet();

    assertThat(found).containsExactlyInAnyOrderElementsOf(lines);
  }

  /** A line without a test is one that is known to have none. */
  @Test
  void table_namesATestForEachLine() throws IOException {
    Map<String, Integer> rows = rows();

    rows.values().removeIf(tests -> tests > 0);

    assertThat(rows.keySet()).containsExactlyInAnyOrderElementsOf(WITHOUT_TESTS);
  }

  /** A test that is renamed or removed is so in the table too. */
  @Test
  void table_namesTestsThatExist() throws IOException {
    Set<String> tests = tests();

    List<String> missing =
        NAMED.matcher(String.join("\n", table()))
            .results()
            .map(m -> m.group(1))
            .filter(test -> !tests.contains(test))
            .toList();

    assertThat(missing).as("named in the tables, not there").isEmpty();
  }
}
