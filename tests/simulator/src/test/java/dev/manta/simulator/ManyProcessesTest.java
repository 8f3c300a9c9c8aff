package dev.manta.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

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
  private static final long SEEDS = Long.getLong("simulator.processes.seeds", 5_000);
  private static final Long SEED = Long.getLong("simulator.processes.seed");

  /** CONTRACT 1 to 6, 8 and 10: no program of any seed sees a promise broken. */
  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void promises_hold() {
    Simulator simulator = EngineLoader.simulator();
    long first = SEED == null ? 0 : SEED;
    long end = SEED == null ? SEEDS : SEED + 1;
    for (long seed = first; seed < end; seed++) {
      Report report = simulator.runMany(null, seed, SEED != null);
      if (SEED != null) {
        System.out.println(report.story());
      }
      if (report.failed()) {
        fail(simulator.runMany(null, seed, true).story());
      }
    }
  }

  /** A seed gives the same run, whatever ran before it and whether it tells of it. */
  @Test
  void seed_replaysExactly() {
    int seeds = 200;
    long[] traces = new long[seeds];
    Simulator simulator = EngineLoader.simulator();
    for (int seed = 0; seed < seeds; seed++) {
      traces[seed] = simulator.runMany(null, seed, false).trace();
    }

    Simulator another = EngineLoader.simulator();

    for (int seed = seeds - 1; seed >= 0; seed--) {
      assertThat(another.runMany(null, seed, true).trace()).as("seed %s", seed)
          .isEqualTo(traces[seed]);
    }
  }
}
