package dev.manta.mutants;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Turns that exclude nobody: a write is lost. */
@JCStressTest
@Outcome(id = "2", expect = ACCEPTABLE, desc = "both turns counted")
@Outcome(expect = FORBIDDEN, desc = "a write was lost (CONTRACT 5): what this mutant is for")
@State
public class PlainTurn {
  private int count;

  private void turn() {
    int now = count;
    Thread.yield();
    count = now + 1;
  }

  @Actor
  public void one() {
    turn();
  }

  @Actor
  public void two() {
    turn();
  }

  @Arbiter
  public void after(I_Result r) {
    r.r1 = count;
  }
}
