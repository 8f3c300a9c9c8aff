package dev.manta.benchmarks.memory;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import java.util.concurrent.CompletableFuture;

/** {@code suspended.million}: a million calls wait inside one actor. */
public final class SuspendedCalls {
  private static final int CALLS = 1_000_000;

  private SuspendedCalls() {}

  /** Prints the heap in bytes, and the time to start and to resume all calls in nanoseconds. */
  public static void main(String[] args) {
    ActorOptions options =
        ActorOptions.async().maxConcurrency(CALLS + 1).maxPendingCalls(CALLS + 2);
    try (Manta manta = Manta.start()) {
      ActorRef<Gate> gate = manta.actor(options, Gate::new);
      long before = Heap.used();
      @SuppressWarnings({"unchecked", "rawtypes"}) ObjectRef<Integer>[] refs = new ObjectRef[CALLS];
      long startNs = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        refs[i] = gate.call(Gate::pass);
      }
      if (gate.call(Gate::inside).get() != CALLS) {
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
      if (sum != CALLS) {
        throw new AssertionError(sum + " calls came back");
      }
      System.out.println("heap " + heap);
      System.out.println("time " + (startedNs + resumedNs));
    }
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
