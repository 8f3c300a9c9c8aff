package dev.manta.mutants;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A ref that looks whether it is complete, and then completes: twice. */
@JCStressTest
@Outcome(id = {"true, false", "false, true"}, expect = ACCEPTABLE, desc = "completed once")
@Outcome(expect = FORBIDDEN, desc = "completed twice (CONTRACT 1): what this mutant is for")
@State
public class CheckThenActRef {
  private volatile @Nullable Object state;

  private boolean complete(Object value) {
    if (state != null) {
      return false;
    }
    Thread.yield();
    state = value;
    return true;
  }

  @Actor
  public void one(ZZ_Result r) {
    r.r1 = complete("one");
  }

  @Actor
  public void two(ZZ_Result r) {
    r.r2 = complete("two");
  }
}
