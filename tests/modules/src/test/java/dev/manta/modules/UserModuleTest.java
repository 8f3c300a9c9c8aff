package dev.manta.modules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's named module on the module path. */
class UserModuleTest {
  private static final String MODULE = "module dev.shop {";
  private static final String REQUIRES = "requires dev.manta;";
  private static final Pattern LINE = Pattern.compile("opens [\\w.]+;");

  @TempDir
  private Path folder;

  private Program program;

  @BeforeEach
  void setUp() {
    program = new Program(folder);
  }

  /** DESIGN, "The API": a module that opens its packages may call and pass what is not public. */
  @Test
  void openedModule_callsAndPassesNonPublicClasses() throws Exception {
    Program.Run run =
        program.with(MODULE, REQUIRES, "opens dev.shop.desk;", "opens dev.shop.goods;");

    assertThat(run.out().lines())
        .as(run.err())
        .containsExactly(
            "count 1",
            "sum 6",
            "lines [Line[article=tea, count=2]]",
            "size LARGE",
            "basket Basket[milk]",
            "stream [Line[article=tea, count=2]]");
    assertThat(run.err()).as("not even a warning").isEmpty();
    assertThat(run.status()).isZero();
  }

  /** An open module needs no line for each package. */
  @Test
  void openModule_works() throws Exception {
    Program.Run run = program.with("open module dev.shop {", REQUIRES);

    assertThat(run.out()).as(run.err()).startsWith("count 1").contains("basket Basket[milk]");
  }

  /** The errors of a lambda and of a result say the line that opens their package. */
  @Test
  void closedModule_isToldTheLineForItsLambdasAndResults() throws Exception {
    Program.Run run = program.with(MODULE, REQUIRES, "opens dev.shop.goods;");

    assertThat(refusal("sum", run))
        .contains("module-info.java of dev.shop:")
        .contains("opens dev.shop.desk;");
    assertThat(refusal("lines", run))
        .contains("module-info.java of dev.shop:")
        .contains("opens dev.shop.desk;");
  }

  /** So does the error of a captured value of another package. */
  @Test
  void closedModule_isToldTheLineForItsValues() throws Exception {
    Program.Run run = program.with(MODULE, REQUIRES, "opens dev.shop.desk;");

    assertThat(refusal("basket", run))
        .contains("module-info.java of dev.shop:")
        .contains("opens dev.shop.goods;");
  }

  /** With the line that is printed for what was refused, nothing is. */
  @Test
  void printedLine_isTheCure() throws Exception {
    Program.Run refused = program.with(MODULE, REQUIRES, "opens dev.shop.goods;");
    Matcher line = LINE.matcher(refusal("sum", refused));
    assertThat(line.find()).as(refused.out()).isTrue();

    Program.Run mended = program.with(MODULE, REQUIRES, "opens dev.shop.goods;", line.group());

    assertThat(mended.out()).as(mended.err()).contains("sum 6").doesNotContain("refused");
  }

  private static String refusal(String step, Program.Run run) {
    return run.out()
        .lines()
        .filter(line -> line.startsWith(step + " refused: "))
        .findFirst()
        .orElseThrow(() -> new AssertionError(step + " was not refused: " + run));
  }
}
