package dev.manta.benchmarks.processes.manta;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.benchmarks.processes.Seconds;
import java.time.Duration;
import java.util.List;

/** Starts: of two workers to a first result, and of an actor whose process was killed. */
public final class MantaLife {
  private static final int RESTARTS = 3;
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private MantaLife() {}

  /** Prints nanoseconds. */
  public static void main(String[] args) throws InterruptedException {
    List<String> names = List.of(args);
    if (names.contains("start")) {
      start();
    }
    if (names.contains("restart")) {
      restart();
    }
  }

  /** The first of a new JVM, as a program has it. */
  private static void start() {
    long startNs = System.nanoTime();
    try (Manta manta = Manta.start(LocalOptions.local().processes(2))) {
      long pid = Workers.pid(manta.actor(Counter::new));
      long passed = System.nanoTime() - startNs;
      Workers.checkElsewhere(pid);
      Seconds.print("start", passed);
    }
  }

  private static void restart() throws InterruptedException {
    double[] times = new double[RESTARTS];
    try (Manta manta = Workers.start(2)) {
      ActorRef<Counter> counter =
          Workers.counter(manta, ActorOptions.async().maxRestarts(RESTARTS).retries(RESTARTS));
      for (int i = 0; i < RESTARTS; i++) {
        long pid = Workers.pid(counter);
        Thread.sleep(PAUSE); // as for a death that comes alone: the spare process is there
        long startNs = System.nanoTime();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        long next = Workers.pid(counter);
        times[i] = System.nanoTime() - startNs;
        if (next == pid) {
          throw new AssertionError("a killed process answered");
        }
      }
    }
    Seconds.print("restart", Seconds.median(times));
  }
}
