package dev.manta.processes.support;

import dev.manta.ActorRef;
import dev.manta.Manta;
import java.util.concurrent.CompletableFuture;

/** A named event that calls in other processes and tests wait for, as an async actor. */
public final class Gate {
  private final CompletableFuture<Boolean> opened = new CompletableFuture<>();
  private final CompletableFuture<Boolean> reached = new CompletableFuture<>();
  private int waiting;

  /** A new gate that is closed. */
  public static ActorRef<Gate> closed(Manta manta) {
    return manta.actor(Gate::new);
  }

  /** Waits until the gate is open. */
  public boolean pass() {
    waiting++;
    reached.complete(true);
    try {
      return Manta.await(opened);
    } finally {
      waiting--;
    }
  }

  /** Lets everybody through, now and later. */
  public void open() {
    opened.complete(true);
  }

  /** Waits until somebody waits at the gate, or has. */
  public boolean reached() {
    return Manta.await(reached);
  }

  /** How many wait. */
  public int waiting() {
    return waiting;
  }

  /** The process it is in. */
  public long pid() {
    return ProcessHandle.current().pid();
  }

  /** Waits at the gate: for use in a task, an actor's call or a test. */
  public static void pass(ActorRef<Gate> gate) {
    gate.call(Gate::pass).get();
  }

  /** Opens the gate and returns when it is open. */
  public static void open(ActorRef<Gate> gate) {
    Ends.value(gate.call(g -> {
      g.open();
      return true;
    }));
  }

  /** Returns when somebody waits at the gate, or has. */
  public static void awaitReached(ActorRef<Gate> gate) {
    Ends.value(gate.call(Gate::reached));
  }
}
