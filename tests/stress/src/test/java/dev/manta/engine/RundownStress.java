package dev.manta.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The end of a peer is seen to once, and sees all that was done with it. */
public final class RundownStress {
  private RundownStress() {}

  /** One uses it while the other, who does too, ends it: r1 is what the end has missed. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "what was done before the end is seen by it")
  @Outcome(expect = FORBIDDEN, desc = "something is left behind, or the end is seen to twice")
  @State
  public static class UseAgainstEndInside {
    private final Rundown life = new Rundown();
    private final AtomicInteger ends = new AtomicInteger();

    /* Plain: what is written inside is there for who sees to the end. */
    private int left1;
    private int left2;
    private int seen;

    private void sees() {
      ends.incrementAndGet();
      seen = left1 + left2;
    }

    @Actor
    public void uses() {
      if (life.enter()) {
        left1 = 1;
        if (life.leave()) {
          sees();
        }
      }
    }

    @Actor
    public void usesAndEnds() {
      var _ = life.enter();
      if (life.end()) {
        sees(); // though it is inside
      }
      left2 = 1;
      if (life.leave()) {
        sees();
      }
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = left1 + left2 - seen;
      r.r2 = ends.get();
    }
  }

  /** One uses it again and again: r1 is what the end has missed, r2 how often it was seen to. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "nobody enters after the end")
  @Outcome(expect = FORBIDDEN, desc = "something is left behind, or the end is seen to twice")
  @State
  public static class UseAgainAgainstEnd {
    private final Rundown life = new Rundown();
    private final AtomicInteger ends = new AtomicInteger();
    private int left;
    private int seen;

    private void sees() {
      ends.incrementAndGet();
      seen = left;
    }

    @Actor
    public void uses() {
      for (int i = 0; i < 3; i++) {
        if (life.enter()) {
          left++;
          if (life.leave()) {
            sees();
          }
        }
      }
    }

    @Actor
    public void ends() {
      if (life.end()) {
        sees();
      }
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = left - seen;
      r.r2 = ends.get();
    }
  }
}
