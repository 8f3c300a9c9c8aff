package dev.manta.processes.support;

import dev.manta.ActorRef;
import dev.manta.Emitter;
import dev.manta.Manta;
import java.util.concurrent.CompletableFuture;

/** An actor whose process is killed under it, from outside or by itself. It counts. */
public final class Victim {
  /** The code with which a process ends that a call ends. */
  public static final int EXIT_CODE = 42;

  private int count;

  /** Nobody is told. */
  public Victim() {}

  /** Says in which process it is built. */
  public Victim(ActorRef<Journal> journal) {
    Journal.add(journal, "built in " + ProcessHandle.current().pid());
  }

  /** Its process. */
  public long pid() {
    return ProcessHandle.current().pid();
  }

  /** Counts. */
  public int next() {
    return ++count;
  }

  /** Counts when a gate has opened. */
  public int nextAfter(ActorRef<Gate> gate) {
    Gate.pass(gate);
    return ++count;
  }

  /** Never ends. */
  public int hang(ActorRef<Gate> reached) {
    reached.call(Gate::pass);
    return Manta.await(new CompletableFuture<>());
  }

  /** Emits the numbers from 0, and then waits for ever. */
  public void emitThenHang(int elements, Emitter<Integer> out) {
    for (int i = 0; i < elements; i++) {
      out.emit(i);
    }
    Manta.await(new CompletableFuture<>());
  }

  /** Ends its process. */
  public static <T> T halt() {
    Runtime.getRuntime().halt(EXIT_CODE);
    throw new AssertionError("halted");
  }

  /** Ends its process in the first attempts. */
  public static int haltBefore(int attempt) {
    int now = Manta.attempt();
    return now < attempt ? halt() : now;
  }
}
