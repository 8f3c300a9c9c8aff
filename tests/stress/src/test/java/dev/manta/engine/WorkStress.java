package dev.manta.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.manta.Reason;
import java.util.concurrent.CancellationException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZL_Result;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** "Not executed" is never said of what runs, nor "may have run" of what never will (CONTRACT 2). */
public final class WorkStress {
  private WorkStress() {}

  /** A cancel meets the start. */
  @JCStressTest
  @Outcome(id = "true, unknown", expect = ACCEPTABLE,
      desc = "it runs, and the error says so (CONTRACT 2)")
  @Outcome(id = "false, not executed", expect = ACCEPTABLE,
      desc = "it never starts, and the error says so (CONTRACT 2)")
  @Outcome(expect = FORBIDDEN, desc = "the error lies about whether the code runs")
  @State
  public static class CancelAgainstStart {
    private final Job job = new Job(Work.QUEUED);

    @Actor
    public void start(ZL_Result r) {
      r.r1 = job.step(Work.QUEUED, Work.STARTED);
    }

    @Actor
    public void cancel() {
      job.cancel();
    }

    @Arbiter
    public void after(ZL_Result r) {
      r.r2 = Job.end(job);
    }
  }

  /** A cancel meets the step into the queue. */
  @JCStressTest
  @Outcome(id = {"true, 1", "false, 1"}, expect = ACCEPTABLE,
      desc = "dropped once, from the queue or before it (CONTRACT 10)")
  @Outcome(expect = FORBIDDEN, desc = "the cancel was lost, or what it held was given back twice")
  @State
  public static class CancelAgainstQueue {
    private final Job job = new Job(Work.WAITING);

    @Actor
    public void queue(ZI_Result r) {
      r.r1 = job.step(Work.WAITING, Work.QUEUED);
    }

    @Actor
    public void cancel() {
      job.cancel();
    }

    @Arbiter
    public void after(ZI_Result r) {
      r.r2 = job.phase() == Work.DROPPED ? job.drops.get() : -1;
    }
  }

  /** A cancel meets the end of the code. */
  @JCStressTest
  @Outcome(id = "false, true, value", expect = ACCEPTABLE, desc = "it ended first (CONTRACT 1)")
  @Outcome(id = "true, false, unknown", expect = ACCEPTABLE,
      desc = "the cancel was first (CONTRACT 2)")
  @Outcome(expect = FORBIDDEN, desc = "both or neither, or \"not executed\" of what ran")
  @State
  public static class CancelAgainstEnd {
    private final Job job = new Job(Work.STARTED);

    @Actor
    public void cancel(ZZL_Result r) {
      r.r1 = job.cancel();
    }

    @Actor
    public void end(ZZL_Result r) {
      job.end();
      r.r2 = job.complete(7);
    }

    @Arbiter
    public void after(ZZL_Result r) {
      r.r3 = Job.end(job);
    }
  }

  /** A cancel and a deadline meet at work that has not started. */
  @JCStressTest
  @Outcome(id = {"true, false, not executed", "false, true, not executed"}, expect = ACCEPTABLE,
      desc = "one of them ended it, and it never ran (CONTRACT 2)")
  @Outcome(expect = FORBIDDEN, desc = "\"may have run\" is said of what never ran")
  @State
  public static class CancelAgainstDeadline {
    private final Job job = new Job(Work.QUEUED);

    @Actor
    public void cancel(ZZL_Result r) {
      r.r1 = job.stop(Reason.CANCELLED, true);
    }

    @Actor
    public void deadline(ZZL_Result r) {
      r.r2 = job.stop(Reason.DEADLINE, true);
    }

    @Arbiter
    public void after(ZZL_Result r) {
      r.r3 = Job.end(job);
    }
  }

  /** The actor dies as a call is cancelled that has not started. */
  @JCStressTest
  @Outcome(id = {"true, not executed", "false, not executed"}, expect = ACCEPTABLE,
      desc = "one of them ended it, and it never ran (CONTRACT 2)")
  @Outcome(expect = FORBIDDEN, desc = "\"may have run\" is said of what never ran")
  @State
  public static class CancelAgainstDeath {
    private final Job job = new Job(Work.QUEUED);

    @Actor
    public void cancel(ZL_Result r) {
      r.r1 = job.cancel();
    }

    @Actor
    public void death() {
      job.died(new Death(Reason.ACTOR_DIED, "was killed", null, false));
    }

    @Arbiter
    public void after(ZL_Result r) {
      r.r2 = Job.end(job);
    }
  }

  /** A cancel meets an await point for what never comes. */
  @JCStressTest
  @Outcome(id = "cancelled", expect = ACCEPTABLE,
      desc = "the code is told at its await point (CONTRACT 10)")
  @Outcome(expect = FORBIDDEN, desc = "the cancel did not reach the code")
  @State
  public static class CancelAgainstAwait {
    private final Job job = new Job(Work.STARTED);
    private final Ref<Integer> never = new Ref<>(InlineHost.ENGINE);

    @Actor
    public void await(L_Result r) {
      ThreadRunner runner = new ThreadRunner(InlineHost.ENGINE, job, true);
      runner.enter();
      job.runsOn(runner);
      try {
        Waits.untilDone(never, Waits.FOREVER);
        r.r1 = "went on";
      } catch (CancellationException e) {
        r.r1 = "cancelled";
      } finally {
        InlineHost.leave();
      }
    }

    @Actor
    public void cancel() {
      job.cancel();
    }
  }

  /** A cancel with children meets a child that is just submitted. */
  @JCStressTest
  @Outcome(id = {"true, not executed", "false, pending", "false, not executed"},
      expect = ACCEPTABLE,
      desc = "the cancel reaches the child, or the child is refused (CONTRACT 10)")
  @Outcome(expect = FORBIDDEN, desc = "a child of cancelled work goes on unnoticed")
  @State
  public static class CancelAgainstChild {
    private final Job parent = new Job(Work.STARTED);
    private final Job child = new Job(Work.QUEUED);

    @Actor
    public void submit(ZL_Result r) {
      r.r1 = parent.addChild(child);
    }

    @Actor
    public void cancel() {
      parent.cancel();
    }

    @Arbiter
    public void after(ZL_Result r) {
      r.r2 = Job.end(child);
    }
  }

  /** Two children end at once, and a third is cancelled with the parent afterwards. */
  @JCStressTest
  @Outcome(id = "true, true, not executed", expect = ACCEPTABLE,
      desc = "the ended ones leave the list whole (CONTRACT 10)")
  @Outcome(expect = FORBIDDEN, desc = "the cancel does not reach the child that is left")
  @State
  public static class TwoChildrenEnd {
    private final Job parent = new Job(Work.STARTED);
    private final Job one = new Job(Work.STARTED);
    private final Job left = new Job(Work.QUEUED);
    private final Job two = new Job(Work.STARTED);

    public TwoChildrenEnd() {
      parent.addChild(left);
      parent.addChild(one);
      parent.addChild(two);
    }

    @Actor
    public void one(ZZL_Result r) {
      r.r1 = one.complete(1);
    }

    @Actor
    public void two(ZZL_Result r) {
      r.r2 = two.complete(2);
    }

    @Arbiter
    public void after(ZZL_Result r) {
      parent.cancel();
      r.r3 = Job.end(left);
    }
  }
}
