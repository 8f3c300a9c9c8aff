package dev.manta.simulator;

/** Runs programs on an engine whose classes are a loader's own. One run at a time. */
public interface Simulator {
  /**
   * Makes the program of a seed, runs it, and checks what Manta promises.
   *
   * @param verbose whether the report tells what happened
   */
  Report run(long seed, boolean verbose);

  /**
   * As {@link #run}, of programs of many processes.
   *
   * @param style what they do; null lets the seed say
   */
  Report runMany(Style style, long seed, boolean verbose);

  /** Sends {@code calls} that sleep for a second to an actor that lets {@code limit} in. */
  Waves sleepers(long seed, int calls, int limit);
}
