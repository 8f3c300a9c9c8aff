package dev.manta.benchmarks.start;

import dev.manta.ActorRef;
import dev.manta.Manta;

/** {@code start}: a program that prints the result of one actor call. */
public final class FirstResult {
  private FirstResult() {}

  /** Ends the JVM as soon as the result is there. */
  public static void main(String[] args) {
    Manta manta = Manta.start();
    ActorRef<Counter> counter = manta.actor(Counter::new);
    System.out.println(counter.call(c -> c.add(5)).get());
    System.exit(0);
  }

  private static final class Counter {
    private int value;

    int add(int amount) {
      value += amount;
      return value;
    }
  }
}
