package dev.manta.benchmarks.memory;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;

/** {@code pending.million}: a million calls wait for their start. */
public final class PendingCalls {
  private static final int CALLS = 1_000_000;

  private PendingCalls() {}

  /** Prints the heap in bytes for each call. The refs are held, as a caller would. */
  public static void main(String[] args) {
    ActorOptions options = ActorOptions.async().maxConcurrency(1).maxPendingCalls(CALLS + 2);
    try (Manta manta = Manta.start()) {
      ActorRef<SuspendedCalls.Gate> gate = manta.actor(options, SuspendedCalls.Gate::new);
      ObjectRef<Integer> first = gate.call(SuspendedCalls.Gate::pass);
      @SuppressWarnings({"unchecked", "rawtypes"}) ObjectRef<Integer>[] refs = new ObjectRef[CALLS];
      long before = Heap.used();
      for (int i = 0; i < CALLS; i++) {
        refs[i] = gate.call(SuspendedCalls.Gate::inside);
      }
      long heap = Heap.used() - before;
      System.out.println("heap " + heap / CALLS);
      manta.kill(gate);
      if (!first.isDone() || !refs[CALLS - 1].isDone()) {
        throw new AssertionError("a call outlived its actor");
      }
    }
  }
}
