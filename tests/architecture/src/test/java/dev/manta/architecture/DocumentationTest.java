package dev.manta.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All that users see of the API is documented, as javac's checker of documentation sees it. */
class DocumentationTest {
  private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();

  @TempDir
  private Path classes;

  /** What is public or protected and has no comment, or one that is wrong; and what is no Java. */
  private Set<String> complaints(Iterable<? extends JavaFileObject> files) {
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<String> options =
        List.of(
            "-Xdoclint:all/protected", "-Xmaxwarns", "10000", "-proc:none",
            "-classpath", System.getProperty("java.class.path"),
            "-d", classes.toString());

    boolean _ = JAVAC.getTask(null, null, found, options, null, files).call();

    return found.getDiagnostics()
        .stream()
        .filter(DocumentationTest::isComplaint)
        .map(DocumentationTest::describe)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** House style: a comment says what matters in words, not with a tag for each parameter. */
  private static boolean isComplaint(Diagnostic<? extends JavaFileObject> d) {
    String text = d.getMessage(Locale.ROOT);
    return d.getSource() != null
        && (d.getKind() == Diagnostic.Kind.ERROR || d.getCode().contains("proc.messager"))
        && !text.startsWith("no @param")
        && !text.startsWith("no @return")
        && !text.startsWith("no @throws");
  }

  private static String describe(Diagnostic<? extends JavaFileObject> d) {
    String path = d.getSource().getName();
    return path.substring(path.lastIndexOf('/') + 1)
        + ":"
        + d.getLineNumber()
        + " "
        + d.getMessage(Locale.ROOT);
  }

  /** The package that users import. */
  @Test
  void publicTypesAndMethods_areDocumented() throws IOException {
    List<Path> sources =
        Sources.mainCode("manta-api")
            .stream()
            .filter(f -> f.getParent().endsWith("dev/manta"))
            .toList();

    Set<String> complaints;
    try (StandardJavaFileManager files = JAVAC.getStandardFileManager(null, null, null)) {
      complaints = complaints(files.getJavaFileObjectsFromPaths(sources));
    }

    assertThat(sources).hasSizeGreaterThan(30);
    assertThat(complaints).isEmpty();
  }

  /** The check can fail. */
  @Test
  void check_findsWhatIsNotDocumented() {
    String source =
        """
            /** A type. */
            public interface Culprit {
              void undocumented();

              /** See {@link Nowhere}. */
              void wrong();
            }
            """;

    Set<String> complaints = complaints(List.of(new Source("Culprit", source)));

    assertThat(complaints)
        .containsExactly("Culprit.java:3 no comment", "Culprit.java:5 reference not found");
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
