package dev.manta.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The links of the documentation lead somewhere. */
class LinksTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

  static Iterable<Page> pages() throws IOException {
    return Page.all();
  }

  /** README and docs: a link to a file of this project has that file. */
  @ParameterizedTest
  @MethodSource("pages")
  void links_leadToFiles(Page page) {
    Path folder = Page.project().resolve(page.name()).getParent();

    var targets = LINK.matcher(String.join("\n", page.lines())).results().map(m -> m.group(1));

    assertThat(targets).allSatisfy(
        target -> assertThat(Files.exists(folder.resolve(target))).as(target).isTrue());
  }
}
