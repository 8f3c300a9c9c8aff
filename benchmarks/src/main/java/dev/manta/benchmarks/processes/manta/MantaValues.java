package dev.manta.benchmarks.processes.manta;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.benchmarks.processes.Seconds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** 50 MB of doubles, put here and read in another process. */
public final class MantaValues {
  private static final int DOUBLES = 6_250_000;
  private static final int WARM_UPS = 5;
  private static final int ROUNDS = 15;
  private static final int HELD = 4;

  private MantaValues() {}

  /**
   * Prints the nanoseconds from the put to the answer of who has read it: in memory that other
   * values had before, and in memory that is new because the earlier values are still held.
   */
  public static void main(String[] args) {
    double[] values = new double[DOUBLES];
    Arrays.setAll(values, i -> i);
    try (Manta manta = Workers.start(1)) {
      ActorRef<Counter> reader = Workers.counter(manta, ActorOptions.async());
      double[] recycled = new double[WARM_UPS + ROUNDS];
      for (int i = 0; i < recycled.length; i++) {
        long startNs = System.nanoTime();
        ObjectRef<double[]> ref = putAndRead(manta, reader, values);
        recycled[i] = System.nanoTime() - startNs;
        ref.release();
      }
      Seconds.print(
          "recycled", Seconds.median(Arrays.copyOfRange(recycled, WARM_UPS, recycled.length)));
      double[] fresh = new double[HELD];
      List<ObjectRef<double[]>> held = new ArrayList<>();
      held.add(putAndRead(manta, reader, values)); // takes what has become free
      for (int i = 0; i < HELD; i++) {
        long startNs = System.nanoTime();
        held.add(putAndRead(manta, reader, values));
        fresh[i] = System.nanoTime() - startNs;
      }
      Seconds.print("fresh", Seconds.median(fresh));
      held.forEach(ObjectRef::release);
    }
  }

  private static ObjectRef<double[]> putAndRead(
      Manta manta, ActorRef<Counter> reader, double[] values) {
    ObjectRef<double[]> ref = manta.put(values);
    double read = reader.call(c -> c.touch(ref.get())).get(Workers.LIMIT);
    if (read == 0) {
      throw new AssertionError("nothing was read");
    }
    return ref;
  }
}
