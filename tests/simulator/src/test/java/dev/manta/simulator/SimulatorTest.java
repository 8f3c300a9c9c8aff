package dev.manta.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random programs on the engine, in virtual time and one thread at a time. {@code
 * -Dsimulator.seeds=100000} runs more of them, {@code -Dsimulator.seed=42} runs one and tells all
 * that happens in it.
 */
class SimulatorTest {
  private static final Seeds PROGRAMS = new Seeds(Simulator::run);

  /** CONTRACT 1 to 6 and 10: no program of any seed sees a promise broken. */
  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void promises_hold() {
    PROGRAMS.allHold("simulator.seed", 2_000);
  }

  @Test
  void seed_replaysExactly() {
    PROGRAMS.replayExactly();
  }

  /** The seeds differ, or they would be one program. */
  @Test
  void seeds_giveDifferentRuns() {
    Simulator simulator = EngineLoader.simulator();

    long different =
        java.util.stream.LongStream.range(0, 100)
            .map(seed -> simulator.run(seed, false).trace())
            .distinct()
            .count();

    assertThat(different).isEqualTo(100);
  }

  /** A13: calls that sleep a second end after one second, or in waves where a limit is set. */
  @ParameterizedTest
  @CsvSource({"50, 1000, 1000, 50", "50, 10, 5000, 10", "50, 1, 50000, 1"})
  void sleepingCalls_takeOneSecondAWave(int calls, int limit, long millis, int peak) {
    Simulator simulator = EngineLoader.simulator();

    Waves waves = simulator.sleepers(7, calls, limit);

    assertThat(waves).isEqualTo(new Waves(millis, peak));
  }
}
