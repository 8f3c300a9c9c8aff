package dev.manta.benchmarks.calls;

import dev.manta.ActorRef;
import dev.manta.Manta;
import java.util.List;

/** The actor of these benchmarks. */
final class Counter {
  private int value;

  int add(int amount) {
    value += amount;
    return value;
  }

  int count(Order order) {
    value += order.lines().size();
    return value;
  }

  /** Waits for another actor's answer between two steps of its own. */
  int addVia(ActorRef<Counter> other, int amount) {
    value += amount;
    int theirs = other.call(c -> c.add(amount)).get();
    value += theirs & 1;
    return value;
  }

  /** A record with a mutable list, which has to be copied. */
  record Order(List<String> lines) {
    static Order ofTenLines() {
      return new Order(new java.util.ArrayList<>(
          List.of("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")));
    }
  }

  static ActorRef<Counter> in(Manta manta) {
    ActorRef<Counter> counter = manta.actor(Counter::new);
    int built = counter.call(c -> c.add(0)).get();
    if (built != 0) {
      throw new AssertionError("a new counter is at " + built);
    }
    return counter;
  }
}
