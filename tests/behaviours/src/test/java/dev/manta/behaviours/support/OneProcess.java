package dev.manta.behaviours.support;

/** The tags of what can't be tested, or does not hold, in many processes. */
public final class OneProcess {
  /** What holds in one process and not yet, or in another way, in many; beside it stands why. */
  public static final String ONLY = "one-process";

  /** Tests that share static fields with what runs elsewhere, which only processes of one JVM do. */
  public static final String OF_ONE_JVM = "one-jvm";

  private OneProcess() {}
}
