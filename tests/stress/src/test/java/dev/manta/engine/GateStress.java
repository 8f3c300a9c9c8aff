package dev.manta.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IL_Result;

/** Work is let through once, when all that it depends on is complete (CONTRACT 4). */
public final class GateStress {
  private GateStress() {}

  /** Work held back by two refs; counts in thousands each opening that came too early. */
  private static class Held {
    final Ref<Integer> a = new Ref<>(InlineHost.ENGINE);
    final Ref<Integer> b = new Ref<>(InlineHost.ENGINE);
    final Job job = new Job(Work.WAITING);
    final AtomicInteger opened = new AtomicInteger();

    final void hold() {
      Gate.hold(job, List.of(a, b), this::open);
    }

    private void open() {
      boolean ready = a.isDone() && b.isDone() || job.phase() == Work.DROPPED;
      opened.addAndGet(ready ? 1 : 1000);
    }

    final void tell(IL_Result r) {
      r.r1 = opened.get();
      r.r2 = Job.end(job);
    }
  }

  /** Both dependencies complete at once. */
  @JCStressTest
  @Outcome(id = "1, pending", expect = ACCEPTABLE,
      desc = "opened once, and the work goes on (CONTRACT 4)")
  @Outcome(expect = FORBIDDEN, desc = "opened too early, twice or never")
  @State
  public static class TwoDependencies extends Held {
    public TwoDependencies() {
      hold();
    }

    @Actor
    public void one() {
      a.complete(1);
    }

    @Actor
    public void two() {
      b.complete(2);
    }

    @Arbiter
    public void after(IL_Result r) {
      tell(r);
    }
  }

  /** The dependencies complete while the work comes to the gate. */
  @JCStressTest
  @Outcome(id = "1, pending", expect = ACCEPTABLE,
      desc = "opened once, and the work goes on (CONTRACT 4)")
  @Outcome(expect = FORBIDDEN, desc = "opened too early, twice or never")
  @State
  public static class HoldAgainstComplete extends Held {
    @Actor
    public void comes() {
      hold();
    }

    @Actor
    public void complete() {
      a.complete(1);
      b.complete(2);
    }

    @Arbiter
    public void after(IL_Result r) {
      tell(r);
    }
  }

  /** One dependency fails as the other completes. */
  @JCStressTest
  @Outcome(id = "1, not executed", expect = ACCEPTABLE,
      desc = "the work never runs, and its error says so (CONTRACT 2)")
  @Outcome(expect = FORBIDDEN, desc = "the failure was lost, or the gate stays shut")
  @State
  public static class FailureAgainstComplete extends Held {
    public FailureAgainstComplete() {
      hold();
    }

    @Actor
    public void complete() {
      a.complete(1);
    }

    @Actor
    public void fail() {
      b.fail(new IllegalStateException());
    }

    @Arbiter
    public void after(IL_Result r) {
      tell(r);
    }
  }

  /** A dependency fails as the work is cancelled. */
  @JCStressTest
  @Outcome(id = "1, not executed", expect = ACCEPTABLE,
      desc = "whoever was first, the work never ran, and its error says so (CONTRACT 2)")
  @Outcome(expect = FORBIDDEN,
      desc = "\"may have run\" is said of what never ran, or the gate stays shut")
  @State
  public static class FailureAgainstCancel extends Held {
    public FailureAgainstCancel() {
      hold();
    }

    @Actor
    public void fail() {
      a.fail(new IllegalStateException());
    }

    @Actor
    public void cancel() {
      job.cancel();
    }

    @Arbiter
    public void after(IL_Result r) {
      tell(r);
    }
  }
}
