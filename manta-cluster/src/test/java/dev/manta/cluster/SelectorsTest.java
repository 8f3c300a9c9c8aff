package dev.manta.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SelectorsTest {
  private static final String PROPERTY = "java.nio.channels.spi.SelectorProvider";

  /** The JDK looks at the property once. */
  @BeforeAll
  static void look() {
    assertThat(Selectors.provider()).isNotEmpty();
  }

  @Test
  void provider_isThatOfThisJvm() {
    assertThat(new String(Selectors.provider(), StandardCharsets.UTF_8))
        .isEqualTo(SelectorProvider.provider().getClass().getName());
  }

  /** In a JVM that has not looked yet. */
  @Test
  void use_isWhatTheJdkTakes_andLeavesNoTrace() throws Exception {
    Process process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            OtherSelectors.class.getName()).redirectErrorStream(true).start();

    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
        .isEqualTo(OtherSelectors.class.getName() + " null");
  }

  @Test
  void use_leavesWhatTheProgramWasTold() {
    System.setProperty(PROPERTY, "its.own");
    try {
      Selectors.use(Selectors.provider());

      assertThat(System.getProperty(PROPERTY)).isEqualTo("its.own");
    } finally {
      System.clearProperty(PROPERTY);
    }
  }
}
