package dev.manta.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.Manta;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Java snippet of the documentation compiles and runs: none is left out. */
@Timeout(30)
class SnippetsTest {
  static Stream<Snippet> snippets() throws IOException {
    return Page.all().stream().flatMap(page -> Snippet.of(page).stream());
  }

  /** README and docs: what they show works. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("snippets")
  void snippet_compilesAndRuns(Snippet snippet) throws Exception {
    run(snippet);
  }

  private static void run(Snippet snippet) throws ReflectiveOperationException {
    var run = Compiled.compile(snippet).getDeclaredMethod("run");
    run.setAccessible(true);
    Manta manta = Manta.start();
    Support.manta = manta;
    try {
      run.invoke(null);
    } catch (InvocationTargetException e) {
      throw new AssertionError(snippet + ": " + e.getCause(), e.getCause());
    } finally {
      manta.close(Duration.ofSeconds(5));
    }
  }

  /** The house: one snippet before line 30 of the README. */
  @Test
  void readme_hasItsFirstSnippetBeforeLine30() throws IOException {
    Snippet first = Snippet.of(Page.all().getFirst()).getFirst();

    assertThat(first.line()).isLessThan(30);
  }

  /** A snippet that does not compile fails with its page and line. */
  @Test
  void wrongSnippet_isNamedWithPageAndLine() {
    Snippet wrong = page("text", "```java", "int n = 1;", "int m = \"two\";", "```");

    assertThatThrownBy(() -> run(wrong)).hasMessageContaining("docs/some.md:4: incompatible types");
  }

  /** A snippet that throws fails with its page and line. */
  @Test
  void throwingSnippet_isNamedWithPageAndLine() {
    Snippet throwing = page("```java", "List.of(1).get(", "    7);", "```");

    assertThatThrownBy(() -> run(throwing))
        .hasMessageContaining("docs/some.md:2")
        .rootCause()
        .satisfies(e -> assertThat(e.getStackTrace())
            .anyMatch(frame -> frame.toString().contains("some.md:2")));
  }

  /** A page with a fence that has no end can't hide a snippet. */
  @Test
  void openFence_isRefused() {
    assertThatThrownBy(() -> page("```java", "int n = 1;")).hasMessageContaining("docs/some.md:1");
  }

  private static Snippet page(String... lines) {
    return Snippet.of(new Page("docs/some.md", List.of(lines))).getFirst();
  }
}
