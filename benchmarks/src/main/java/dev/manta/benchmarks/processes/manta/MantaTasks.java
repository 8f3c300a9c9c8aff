package dev.manta.benchmarks.processes.manta;

import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.benchmarks.InFlight;
import dev.manta.benchmarks.processes.CpuWork;
import dev.manta.benchmarks.processes.Seconds;
import java.util.ArrayList;
import java.util.List;

/** Tasks in worker processes: those that do nothing, and those that compute. */
public final class MantaTasks {
  private static final int TASKS = 20_000;

  private MantaTasks() {}

  /** Prints rates. */
  public static void main(String[] args) throws Exception {
    List<String> names = List.of(args);
    if (names.contains("tasks")) {
      InFlight<ObjectRef<Integer>> inFlight = new InFlight<>();
      try (Manta manta = Workers.start(2)) {
        Seconds.printRate("tasks", TASKS,
            () -> inFlight.run(TASKS, () -> manta.submit(() -> 1), ObjectRef::get));
      }
    }
    if (names.contains("scale.2")) {
      scale(1);
      scale(2);
    }
  }

  private static void scale(int workers) throws Exception {
    try (Manta manta = Workers.start(workers)) {
      Seconds.printRate("scale." + workers, CpuWork.BATCH, () -> {
        List<ObjectRef<Long>> results = new ArrayList<>();
        for (int i = 0; i < CpuWork.BATCH; i++) {
          int seed = i;
          results.add(manta.submit(() -> CpuWork.hash(seed)));
        }
        manta.getAll(results);
      });
    }
  }
}
