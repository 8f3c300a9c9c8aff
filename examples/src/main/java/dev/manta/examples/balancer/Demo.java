package dev.manta.examples.balancer;

import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.examples.offload.Offload;
import java.time.Duration;

/** Runs the load balancer and the compute offload, and prints what was measured. */
public final class Demo {
  private Demo() {}

  /** Exit status 0: all is well; 1: a request failed for an unknown cause; 2: a bad property. */
  public static void main(String[] args) throws Exception {
    Settings settings;
    try {
      settings = Settings.of(System.getProperties());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    // the offload holds a turn on purpose: nothing that the watchdog should report
    LocalOptions options = LocalOptions.local()
        .stallThreshold(Duration.ofSeconds(5))
        .processes(settings.processes());
    try (Manta manta = Manta.start(options)) {
      boolean balanced = Balancing.run(manta, settings);
      boolean offloaded = Offload.run(manta, settings.brief(), settings.processes());
      if (!balanced || !offloaded) {
        System.exit(1);
      }
    }
  }
}
