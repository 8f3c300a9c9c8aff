package dev.manta.examples.support;

/** Tells which process code runs in. */
public final class Place {
  static {
    // what a worker prints comes with its number in front: shows the number and the id together
    if (Integer.getInteger("processes", 0) > 0) {
      System.out.println("is process " + process());
    }
  }

  private Place() {}

  /** The id of this process. A worker process prints it the first time. */
  public static long process() {
    return ProcessHandle.current().pid();
  }
}
