package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Any bytes from a peer cost at most the connection with it. {@code -Pfuzz} tries five million of them,
 * {@code -Dwire.seed=42} one.
 */
class FrameFuzzTest {
  private static final Long SEED = Long.getLong("wire.seed");
  private static final long INPUTS = Long.getLong("wire.inputs", 100_000);

  /** In a small heap, and with an end at the first lack of memory that nobody handles. */
  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void anyBytes_costAtMostTheirPeer() throws Exception {
    Process process =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                FrameFuzz.class.getName(), String.valueOf(SEED == null ? 0 : SEED),
                String.valueOf(SEED == null ? INPUTS : 1),
                GoldenFramesTest.FOLDER.toAbsolutePath().toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes());

    assertThat(output).contains("done: ");
    assertThat(process.waitFor()).as(output).isZero();
  }
}
