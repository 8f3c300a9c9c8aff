package dev.manta.benchmarks.processes.manta;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectStream;
import dev.manta.benchmarks.processes.Seconds;

/** A million small elements of an actor in another process, read by a loop with demand. */
public final class MantaStreams {
  private static final int ELEMENTS = 1_000_000;
  private static final int ROUNDS = 3;

  private MantaStreams() {}

  /** Prints elements a second. */
  public static void main(String[] args) {
    try (Manta manta = Workers.start(1)) {
      ActorRef<Counter> counter = Workers.counter(manta, ActorOptions.async());
      double best = 0;
      for (int i = 0; i < ROUNDS; i++) {
        best = Math.max(best, rate(counter));
      }
      Seconds.print("stream", best);
    }
  }

  private static double rate(ActorRef<Counter> counter) {
    long startNs = System.nanoTime();
    long sum = 0;
    int count = 0;
    try (ObjectStream<Integer> stream =
        counter.<Integer>stream((c, out) -> c.emit(ELEMENTS, out))) {
      for (int element : stream) {
        sum += element;
        count++;
      }
    }
    if (count != ELEMENTS || sum != ELEMENTS * (ELEMENTS - 1L) / 2) {
      throw new AssertionError(count + " elements came, their sum is " + sum);
    }
    return ELEMENTS * 1e9 / (System.nanoTime() - startNs);
  }
}
