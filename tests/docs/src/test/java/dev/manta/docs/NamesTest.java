package dev.manta.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages about the code name what is there, and all of what they are to name. */
class NamesTest {
  private static final Pattern NAME = Pattern.compile("`([A-Z][a-z][A-Za-z]*(?:\\.[A-Za-z]+)*)`");
  private static final Pattern MONITOR = Pattern.compile("(?m)^[^*\"/\n]*\\bsynchronized\\b");

  /** The sources of the library by class name. */
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    for (String module : new String[]{
        "manta-cluster", "manta-api", "manta-engine", "manta-runtime"}) {
      try (Stream<Path> files = Files.walk(Page.project().resolve(module).resolve("src/main"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
        }
      }
    }
    return sources;
  }

  private static String text(String page) throws IOException {
    return Files.readString(Page.project().resolve(page));
  }

  /** architecture.md, threads.md: a class or method that they name is in the code. */
  @ParameterizedTest
  @ValueSource(strings = {"docs/architecture.md", "docs/threads.md"})
  void namedClassesAndMembers_areThere(String page) throws IOException {
    Map<String, String> sources = sources();

    var names = NAME.matcher(text(page)).results().map(name -> name.group(1)).distinct().toList();

    assertThat(names).isNotEmpty().allSatisfy(name -> {
      String[] parts = name.split("\\.", -1);
      String source = sources.get(parts[0]);
      if (source == null) {
        assertThat(isOfJdk(parts[0])).as("%s is a class", parts[0]).isTrue();
      } else {
        for (String part : parts) {
          assertThat(source.matches("(?s).*\\b" + part + "\\b.*")).as("%s is there", name).isTrue();
        }
      }
    });
  }

  private static boolean isOfJdk(String name) {
    return Stream.of("java.util.concurrent.", "java.util.concurrent.locks.")
        .anyMatch(
            p -> Object.class.getResource("/" + (p + name).replace('.', '/') + ".class") != null);
  }

  /** threads.md: every class that has a monitor is in its table. */
  @Test
  void classesWithMonitors_areInThreads() throws IOException {
    String page = text("docs/threads.md");

    var withMonitors = sources().entrySet()
        .stream()
        .filter(
            e -> MONITOR.matcher(e.getValue()).find())
        .map(Map.Entry::getKey)
        .toList();

    assertThat(withMonitors).isNotEmpty()
        .allSatisfy(
            name -> assertThat(Pattern.compile("(?m)^\\|.*`" + name + "[`.]").matcher(page).find())
                .as("%s is in the table", name)
                .isTrue());
  }
}
