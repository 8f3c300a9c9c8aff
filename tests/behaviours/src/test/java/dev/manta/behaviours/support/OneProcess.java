package dev.manta.behaviours.support;

/** The tag of what does not hold, or can't be tested, in many processes. */
public final class OneProcess {
  /** The tag; beside it stands why. */
  public static final String ONLY = "one-process";

  private OneProcess() {}
}
