package dev.manta.simulator;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random programs on the engines of several processes, which one scheduler runs in virtual time, one
 * thread at a time; processes are lost, stand still and send nonsense. {@code
 * -Dsimulator.processes.seeds=100000} runs more of them, {@code -Dsimulator.processes.seed=42} runs one
 * and tells all that happens in it.
 */
class ManyProcessesTest {
  private static final Seeds PROGRAMS =
      new Seeds((simulator, seed, verbose) -> simulator.runMany(null, seed, verbose));

  /** CONTRACT 1 to 6, 8 and 10: no program of any seed sees a promise broken. */
  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void promises_hold() {
    PROGRAMS.allHold("simulator.processes.seed", 5_000);
  }

  @Test
  void seed_replaysExactly() {
    PROGRAMS.replayExactly();
  }
}
