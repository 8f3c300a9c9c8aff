package dev.manta.engine;

import java.util.List;

/**
 * One call or task of a program, and what its code does.
 *
 * @param actor whose call it is; -1 for a task
 * @param mode how it is submitted
 * @param group the concurrency group; null for the default one
 * @param dependencies which of the ops submitted before it, by their place, it captures
 * @param steps what its code does
 * @param cleanup what its code does when it is cancelled
 * @param ending how its code ends
 * @param deadlineMs its own deadline; 0 for none
 * @param retries how often it is run again
 * @param cpus what it takes, for a task
 */
record Op(
    int actor,
    Mode mode,
    String group,
    List<Integer> dependencies,
    List<Step> steps,
    List<Step> cleanup,
    Ending ending,
    long deadlineMs,
    int retries,
    double cpus) {

  /** How a call is submitted. */
  enum Mode {
    CALL,
    WHEN_ROOM,
    OFFER
  }

  /** How the code of an op ends. */
  enum Ending {
    VALUE,
    THROW,
    THROW_AT_FIRST,
    STAGE,
    FAILED_STAGE,
    EXIT;

    boolean isStage() {
      return this == STAGE || this == FAILED_STAGE;
    }
  }

  boolean isTask() {
    return actor < 0;
  }

  /** The lowest actor that its code or what that submits calls; at most {@code limit}. */
  int reach(int limit) {
    int least = limit;
    for (Step s : steps) {
      if (s instanceof Step.Submit submit) {
        Op op = submit.op();
        least = Math.min(op.reach(least), op.isTask() ? least : op.actor());
      }
    }
    return least;
  }
}
