package dev.manta.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/** Runs programs of many seeds: all hold, each replays, and some of them find a fault. */
final class Seeds {
  private static final int REPLAYED = 200;

  /** Runs the program of a seed. */
  @FunctionalInterface
  interface Program {
    Report run(Simulator simulator, long seed, boolean verbose);
  }

  private final Program program;

  Seeds(Program program) {
    this.program = program;
  }

  /** No program sees a promise broken: of the first so many seeds, or of the one that a property names. */
  void allHold(String property, long seeds) {
    Simulator simulator = EngineLoader.simulator();
    Long only = Long.getLong(property);
    if (only != null) {
      Report report = program.run(simulator, only, true);
      System.out.println(report.story());
      assertThat(report.failure()).isNull();
      return;
    }
    for (long seed = 0; seed < Long.getLong(property + "s", seeds); seed++) {
      if (program.run(simulator, seed, false).failed()) {
        fail(program.run(simulator, seed, true).story());
      }
    }
  }

  /** A seed gives the same run, whatever ran before it and whether it tells of it. */
  void replayExactly() {
    long[] traces = new long[REPLAYED];
    Simulator simulator = EngineLoader.simulator();
    for (int seed = 0; seed < REPLAYED; seed++) {
      traces[seed] = program.run(simulator, seed, false).trace();
    }
    Simulator another = EngineLoader.simulator();
    for (int seed = REPLAYED - 1; seed >= 0; seed--) {
      assertThat(program.run(another, seed, true).trace())
          .as("seed %s", seed)
          .isEqualTo(traces[seed]);
    }
  }

  /** One of the first so many seeds that hold on the sound engine fails on the faulty one. */
  void find(Mutant mutant, Simulator sound, int seeds) {
    Simulator faulty = EngineLoader.simulator(mutant);
    for (long seed = 0; seed < seeds; seed++) {
      if (program.run(faulty, seed, false).failed() && !program.run(sound, seed, false).failed()) {
        return;
      }
    }
    fail("no seed below " + seeds + " finds: " + mutant);
  }
}
