package dev.manta.processes.launch;

import dev.manta.LocalOptions;
import dev.manta.Manta;
import java.nio.file.Path;

/** A program with a worker process: prints what a task says of where it runs, or why there is none. */
public final class Launched {
  private Launched() {}

  /** What a task says; of a class of the program's own. */
  record Place(int process, String folder, String environment, String property) {
    @Override
    public String toString() {
      return "in process " + process + " in " + folder + " with " + environment + " and "
          + property;
    }
  }

  /** Starts it. */
  public static void main(String[] args) {
    LocalOptions options =
        LocalOptions.local().processes(1).jvmOptions("-Xmx128m", "-XX:TieredStopAtLevel=1");
    try (Manta manta = Manta.start(options)) {
      Place place = manta.submit(Launched::here).get();
      System.out.println("task " + place);
    } catch (IllegalStateException e) {
      System.out.println("refused: " + e.getMessage());
    }
  }

  private static Place here() {
    return new Place(
        Manta.current().process(),
        Path.of("").toAbsolutePath().toString(),
        System.getenv("LAUNCHED"),
        System.getProperty("launched"));
  }
}
