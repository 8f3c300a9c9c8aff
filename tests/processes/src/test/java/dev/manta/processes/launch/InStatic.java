package dev.manta.processes.launch;

import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.TaskFailedException;

/** A program that starts its Manta in a static field, which its workers initialise too. */
public final class InStatic {
  private static final Manta MANTA = Manta.start(LocalOptions.local().processes(1));

  private InStatic() {}

  /** Runs a task in a worker. */
  public static void main(String[] args) {
    try (Manta manta = MANTA) {
      System.out.println("task in " + manta.submit(() -> Manta.current().process()).get());
    } catch (TaskFailedException | NotExecutedException e) {
      for (Throwable t = e; t != null; t = t.getCause()) {
        System.out.println("because: " + t);
      }
    }
  }
}
