package dev.manta.benchmarks.memory;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import java.util.concurrent.CompletableFuture;

/** {@code suspended.million}: a million calls wait inside one actor. */
public final class SuspendedCalls {
  private static final int CALLS = 1_000_000;
  private static final int WARM_UPS = 3;

  private SuspendedCalls() {}

  /**
   * Prints the heap in bytes, and the time to start and to resume all calls in nanoseconds.
   *
   * @param args how many calls wait and go on beforehand, so that the code is compiled; none for the
   *     first million of a new JVM
   */
  public static void main(String[] args) {
    int warmUp = args.length == 0 ? 0 : Integer.parseInt(args[0]);
    ActorOptions options =
        ActorOptions.async().maxConcurrency(CALLS + 1).maxPendingCalls(CALLS + 2);
    try (Manta manta = Manta.start()) {
      for (int i = 0; warmUp > 0 && i < WARM_UPS; i++) {
        measure(manta.actor(options, Gate::new), warmUp);
      }
      long[] heapAndTime = measure(manta.actor(options, Gate::new), CALLS);
      System.out.println("heap " + heapAndTime[0]);
      System.out.println("time " + heapAndTime[1]);
    }
  }

  private static long[] measure(ActorRef<Gate> gate, int calls) {
    long before = Heap.used();
    @SuppressWarnings({"unchecked", "rawtypes"}) ObjectRef<Integer>[] refs = new ObjectRef[calls];
    long startNs = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      refs[i] = gate.call(Gate::pass);
    }
    if (gate.call(Gate::inside).get() != calls) {
      throw new AssertionError("not all calls are inside");
    }
    long startedNs = System.nanoTime() - startNs;
    long heap = Heap.used() - before;
    long openNs = System.nanoTime();
    gate.run(Gate::open).get();
    long sum = 0;
    for (ObjectRef<Integer> ref : refs) {
      sum += ref.get();
    }
    long resumedNs = System.nanoTime() - openNs;
    if (sum != calls) {
      throw new AssertionError(sum + " calls came back");
    }
    return new long[]{heap, startedNs + resumedNs};
  }

  /** The actor. */
  static final class Gate {
    private final CompletableFuture<Integer> opened = new CompletableFuture<>();
    private int inside;

    int pass() {
      inside++;
      return Manta.await(opened);
    }

    int inside() {
      return inside;
    }

    void open() {
      opened.complete(1);
    }
  }
}
