package dev.manta.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.manta.ActorOptions;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IL_Result;

/** The turn goes from thread to thread, and is one thread's at a time (CONTRACT 5). */
public final class TurnStress {
  private TurnStress() {}

  /** An async actor and two refs that its calls wait for. */
  private static class Async extends Life {
    final Ref<Integer> a = new Ref<>(InlineHost.ENGINE);
    final Ref<Integer> b = new Ref<>(InlineHost.ENGINE);

    Async() {
      super(ActorOptions.async());
    }

    /** Counts, waits, counts: between the two others may have the turn. */
    final void countsAround(Ref<Integer> ref) {
      call(
          actor -> {
            count++;
            Waits.untilDone(ref, Waits.FOREVER);
            return counts();
          });
    }

    final void tell(IL_Result r) {
      r.r1 = count;
      r.r2 = rest();
    }
  }

  /** Two callers, two calls each. */
  @JCStressTest
  @Outcome(id = "4, idle", expect = ACCEPTABLE,
      desc = "each call ran in a turn of its own (CONTRACT 5)")
  @Outcome(expect = FORBIDDEN, desc = "a call was lost, or ran beside another")
  @State
  public static class TwoCallers extends Async {
    @Actor
    public void one() {
      call(actor -> counts());
      call(actor -> counts());
    }

    @Actor
    public void two() {
      call(actor -> counts());
      call(actor -> counts());
    }

    @Arbiter
    public void after(IL_Result r) {
      tell(r);
    }
  }

  /** A call waits; another thread ends the wait and calls too. */
  @JCStressTest
  @Outcome(id = "3, idle", expect = ACCEPTABLE,
      desc = "the waiting call came back, in a turn of its own (CONTRACT 1, 5)")
  @Outcome(expect = FORBIDDEN, desc = "a call was lost, or ran beside another")
  @State
  public static class WaitAgainstCall extends Async {
    @Actor
    public void waiting() {
      countsAround(a);
    }

    @Actor
    public void ending() {
      a.complete(1);
      call(actor -> counts());
    }

    @Arbiter
    public void after(IL_Result r) {
      tell(r);
    }
  }

  /** Two calls wait, each for what the other's thread completes. */
  @JCStressTest
  @Outcome(id = "4, idle", expect = ACCEPTABLE, desc = "both came back (CONTRACT 1, 5)")
  @Outcome(expect = FORBIDDEN, desc = "a call was lost, or ran beside another")
  @State
  public static class TwoWaits extends Async {
    @Actor
    public void one() {
      a.complete(1);
      countsAround(b);
    }

    @Actor
    public void two() {
      b.complete(2);
      countsAround(a);
    }

    @Arbiter
    public void after(IL_Result r) {
      tell(r);
    }
  }

  /** A call lets others go first as another comes. */
  @JCStressTest
  @Outcome(id = "3, idle", expect = ACCEPTABLE, desc = "the turn came back (CONTRACT 1, 5)")
  @Outcome(expect = FORBIDDEN, desc = "a call was lost, or ran beside another")
  @State
  public static class YieldAgainstCall extends Async {
    @Actor
    public void yielding() {
      call(
          actor -> {
            count++;
            Waits.yieldTurn(java.util.Objects.requireNonNull(Runner.current()));
            return counts();
          });
    }

    @Actor
    public void calling() {
      call(actor -> counts());
    }

    @Arbiter
    public void after(IL_Result r) {
      tell(r);
    }
  }

  /** A dependent that a call has registered becomes ready as another call comes. */
  @JCStressTest
  @Outcome(id = "3, idle", expect = ACCEPTABLE,
      desc = "the dependent ran once, in a turn (CONTRACT 5)")
  @Outcome(expect = FORBIDDEN, desc = "the dependent was lost, or ran beside a call")
  @State
  public static class DependentAgainstCall extends Async {
    @Actor
    public void calling() {
      call(
          actor -> {
            var _ = a.thenAccept(value -> count++);
            return counts();
          });
    }

    @Actor
    public void ending() {
      a.complete(1);
      call(actor -> counts());
    }

    @Arbiter
    public void after(IL_Result r) {
      tell(r);
    }
  }
}
