package dev.manta.benchmarks.processes.manta;

import dev.manta.ActorRef;
import dev.manta.Emitter;
import dev.manta.Manta;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

/** The actor of these programs. */
final class Counter {
  static final int DOUBLES_OF_A_PAGE = 512;

  private int value;

  int add(int amount) {
    value += amount;
    return value;
  }

  /** Waits for another actor's answer between two steps of its own. */
  int addVia(ActorRef<Counter> other, int amount) {
    value += amount;
    int theirs = other.call(c -> c.add(amount)).get();
    value += theirs & 1;
    return value;
  }

  /** The process that it lives in. */
  long pid() {
    return ProcessHandle.current().pid();
  }

  int sleepASecond() {
    Manta.sleep(Duration.ofSeconds(1));
    return 1;
  }

  /** Holds the turn, so that no other call gets it. */
  void stall(long millis) throws InterruptedException {
    Thread.sleep(millis);
  }

  void emit(int elements, Emitter<Integer> out) {
    for (int i = 0; i < elements; i++) {
      out.emit(i);
    }
  }

  /** Reads something of each page. */
  double touch(MemorySegment values) {
    double sum = 0;
    long doubles = values.byteSize() / Double.BYTES;
    for (long i = 0; i < doubles; i += DOUBLES_OF_A_PAGE) {
      sum += values.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
    }
    return sum;
  }

  /** Reads something of each page. */
  double touch(double[] values) {
    double sum = 0;
    for (int i = 0; i < values.length; i += DOUBLES_OF_A_PAGE) {
      sum += values[i];
    }
    return sum;
  }
}
