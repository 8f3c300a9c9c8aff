package dev.manta.processes.launch;

import dev.manta.LocalOptions;
import dev.manta.Manta;
import java.nio.file.Path;

/** A program with a worker process: prints what a task says of where it runs, or why there is none. */
public final class Launched {
  private Launched() {}

  /** Starts it. */
  public static void main(String[] args) {
    LocalOptions options =
        LocalOptions.local().processes(1).jvmOptions("-Xmx128m", "-XX:TieredStopAtLevel=1");
    try (Manta manta = Manta.start(options)) {
      System.out.println("task " + manta.<String>submit(Launched::here).get());
    } catch (IllegalStateException e) {
      System.out.println("refused: " + e.getMessage());
    }
  }

  private static String here() {
    return "in process "
        + Manta.current().process()
        + " in "
        + Path.of("").toAbsolutePath()
        + " with "
        + System.getenv("LAUNCHED")
        + " and "
        + System.getProperty("launched");
  }
}
