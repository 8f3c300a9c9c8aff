package dev.manta.cluster.workers;

import java.nio.file.Path;

/**
 * A parent process: starts workers in a run below a base folder; they print their process ids. It
 * exits when it reads a line, and its run is not closed.
 */
public final class ParentMain {
  private ParentMain() {}

  /** Arguments: the base folder, the number of workers, what they run. */
  public static void main(String[] args) throws Exception {
    var run = RunDirectory.below(Path.of(args[0]));
    for (int i = 1; i <= Integer.parseInt(args[1]); i++) {
      var _ = Workers.start(run, i, args[2]);
    }
    System.out.println(run);
    if (System.in.read() != -1) {
      System.exit(0);
    }
    Thread.currentThread().join();
  }
}
