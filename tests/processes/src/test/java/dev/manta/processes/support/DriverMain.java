package dev.manta.processes.support;

import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import java.time.Duration;

/** A driver in a process of its own: prints the processes of its workers and waits. */
public final class DriverMain {
  private DriverMain() {}

  /** Starts it; ends the Manta when its stdin ends. */
  public static void main(String[] args) throws Exception {
    int workers = Integer.parseInt(args[0]);
    LocalOptions options =
        LocalOptions.local()
            .cpus(workers)
            .processes(workers)
            .silence(Duration.parse(args[1]));
    try (Manta manta = WithWorkers.awaitAll(Manta.start(options))) {
      ActorRef<?>[] all = new ActorRef<?>[workers];
      for (int i = 0; i < workers; i++) {
        ActorRef<Victim> victim = manta.actor(Victim::new);
        all[i] = victim;
        System.out.println("actor in " + victim.call(Victim::pid).get());
        var _ = victim.run(v -> spin());
      }
      System.out.println("ready");
      System.out.flush();
      while (System.in.read() != -1) {
        // nothing is said
      }
      for (ActorRef<?> actor : all) {
        manta.kill(actor);
      }
    }
  }

  private static void spin() {
    while (!Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
  }
}
