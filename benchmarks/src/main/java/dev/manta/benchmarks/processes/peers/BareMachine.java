package dev.manta.benchmarks.processes.peers;

import dev.manta.benchmarks.processes.CpuWork;
import dev.manta.benchmarks.processes.Seconds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What the machine itself can do: the same work on one thread and on two. */
public final class BareMachine {
  private BareMachine() {}

  /** Prints the rates of one thread and of two. */
  public static void main(String[] args) throws Exception {
    List<String> names = List.of(args);
    if (names.contains("scale.2")) {
      Seconds.print("scale.1", rate(1));
      Seconds.print("scale.2", rate(2));
    }
  }

  private static double rate(int threads) throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      return Seconds.bestRate(CpuWork.BATCH, () -> {
        List<Future<Long>> results = new ArrayList<>();
        for (int i = 0; i < CpuWork.BATCH; i++) {
          int seed = i;
          results.add(pool.submit(() -> CpuWork.hash(seed)));
        }
        for (Future<Long> result : results) {
          result.get();
        }
      });
    }
  }
}
