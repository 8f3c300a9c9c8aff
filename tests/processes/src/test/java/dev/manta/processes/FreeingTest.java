package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.Victim;
import dev.manta.processes.support.WithWorkers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** L6: actors that nobody holds end, also where the workers have nothing to do. */
class FreeingTest {
  private Manta manta;

  @AfterEach
  void close() {
    manta.close();
    WithWorkers.checkNothingLeft();
  }

  private Manta start(String... jvmOptions) {
    manta = Manta.start(LocalOptions.local().cpus(1).processes(1).jvmOptions(jvmOptions));
    return manta;
  }

  /** Only this process collects. */
  private void awaitNoActor() {
    Limits.until("the actors' end", () -> {
      System.gc();
      return manta.stats().actors().isEmpty();
    });
  }

  @Test
  void actorThatOnlyTheDriverHeld_endsThoughItsWorkerNeverCollects() {
    callOne(start("-Xmx256m", "-XX:G1PeriodicGCInterval=0"));

    awaitNoActor();
  }

  private static void callOne(Manta manta) {
    ActorRef<Victim> victim = manta.actor(Victim::new);
    assertThat(Ends.intOf(victim.call(Victim::next))).isEqualTo(1);
  }

  /** A ref is of the value alone. */
  @Test
  void refsOfItsCalls_doNotKeepAnActor() {
    List<ObjectRef<Integer>> refs = callTwice(start("-Xmx256m", "-XX:G1PeriodicGCInterval=0"));

    awaitNoActor();

    assertThat(refs).allMatch(ObjectRef::isDone);
  }

  private static List<ObjectRef<Integer>> callTwice(Manta manta) {
    ActorRef<Victim> victim = manta.actor(Victim::new);
    List<ObjectRef<Integer>> refs = List.of(victim.call(Victim::next), victim.call(Victim::next));
    refs.forEach(Ends::value);
    return refs;
  }

  @Test
  void actorThatIdleWorkersHaveHeld_endsAtTheirNextCollection() {
    passOne(start("-Xmx256m"));

    awaitNoActor();
  }

  private static void passOne(Manta manta) {
    ActorRef<Victim> victim = manta.actor(Victim::new);
    ActorRef<Victim> caller = manta.actor(Victim::new);
    assertThat(Ends.intOf(caller.call(c -> victim.call(Victim::next).get()))).isEqualTo(1);
  }
}
