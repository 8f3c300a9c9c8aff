package dev.manta.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The house figures: small files, and a small API. */
class SizesTest {
  private static final int MAX_LINES = 500;
  private static final int MEDIAN_LINES = 90;
  private static final int MAX_PUBLIC_TYPES = 40;

  private static Map<String, Integer> lines(String below) throws IOException {
    Map<String, Integer> lines = new TreeMap<>();
    Path root = Sources.root();
    for (Path file : Sources.mainCode(below)) {
      lines.put(root.relativize(file).toString(), Files.readAllLines(file).size());
    }
    return lines;
  }

  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(SizesTest::isPublic).orElse(true);
  }

  /** A file that has grown too long is split. */
  @Test
  void files_areShort() throws IOException {
    Map<String, Integer> lines = lines("");
    assertThat(lines).isNotEmpty();

    lines.values().removeIf(n -> n <= MAX_LINES);

    assertThat(lines).as("files of more than %d lines", MAX_LINES).isEmpty();
  }

  /** Most files are short indeed. */
  @Test
  void medianFile_isShort() throws IOException {
    Map<String, Integer> lines = new TreeMap<>();
    for (String module : Set.of("manta-api", "manta-engine", "manta-runtime")) {
      lines.putAll(lines(module));
    }

    int[] sorted = lines.values().stream().mapToInt(Integer::intValue).sorted().toArray();

    assertThat(sorted[sorted.length / 2]).isLessThan(MEDIAN_LINES);
  }

  /** What users have to know of, nested types too. */
  @Test
  void api_hasFewPublicTypes() {
    Set<String> types =
        Sources.API
            .stream()
            .filter(c -> c.getPackageName().equals("dev.manta"))
            .filter(SizesTest::isPublic)
            .map(JavaClass::getName)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(types).contains("dev.manta.Manta").hasSizeLessThanOrEqualTo(MAX_PUBLIC_TYPES);
  }
}
