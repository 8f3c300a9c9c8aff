package dev.manta.processes.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;

/**
 * A call that has begun and waits at a gate, which is in another process.
 *
 * @param gate lets it go on
 * @param victim whose call it is
 * @param pid the process of the victim
 * @param call counts when the gate has opened
 */
public record Held(
    ActorRef<Gate> gate, ActorRef<Victim> victim, long pid, ObjectRef<Integer> call) {
  /** A call of an async actor. */
  public static Held start(Manta manta) {
    return start(manta, ActorOptions.async());
  }

  /** A call of an actor with these options. */
  public static Held start(Manta manta, ActorOptions options) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim = manta.actor(options, Victim::new);
    long pid = Ends.value(victim.call(Victim::pid));
    assertThat(Ends.value(gate.call(Gate::pid))).isNotEqualTo(pid);
    ObjectRef<Integer> call = victim.call(v -> v.nextAfter(gate));
    Gate.awaitReached(gate);
    return new Held(gate, victim, pid, call);
  }
}
