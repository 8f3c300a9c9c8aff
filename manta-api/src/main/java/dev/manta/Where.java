package dev.manta;

/**
 * In which process an actor or task runs where there are worker processes ({@link
 * LocalOptions#processes}); without them all run in this one.
 */
public enum Where {
  /**
   * Wherever there is room: an actor in the process with the fewest actors, a task in the one with the
   * fewest tasks, or in that of the code that submits it. The default.
   */
  ANYWHERE,
  /** Evenly over all processes, whatever else runs there. */
  SPREAD,
  /** In as few processes as have room for it. */
  PACKED,
  /** In a process of its own, which starts for it and ends with it. */
  ISOLATED
}
