package dev.manta.behaviours.support;

/** The tag of what holds in one process and not yet, or in another way, in many. */
public final class OneProcess {
  /** The tag; beside it stands why. */
  public static final String ONLY = "one-process";

  private OneProcess() {}
}
