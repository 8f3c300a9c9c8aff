package dev.manta.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZJ_Result;

/** The limits hold, and whoever stands in line gets in when there is room (CONTRACT 6). */
public final class PendingStress {
  private PendingStress() {}

  /** Two calls for one place. */
  @JCStressTest
  @Outcome(id = {"true, false, 1", "false, true, 1"}, expect = ACCEPTABLE,
      desc = "one has the place, the other is told (CONTRACT 6)")
  @Outcome(expect = FORBIDDEN, desc = "more entered than the limit, or none though there was room")
  @State
  public static class TwoCallsForOnePlace {
    private final Pending pending = new Pending(1, Long.MAX_VALUE);

    @Actor
    public void one(ZZJ_Result r) {
      r.r1 = pending.tryEnter(0);
    }

    @Actor
    public void two(ZZJ_Result r) {
      r.r2 = pending.tryEnter(0);
    }

    @Arbiter
    public void after(ZZJ_Result r) {
      r.r3 = pending.calls();
    }
  }

  /** Two calls whose arguments are too large together. */
  @JCStressTest
  @Outcome(id = {"true, false, 1", "false, true, 1"}, expect = ACCEPTABLE,
      desc = "one has the room, the other is told (CONTRACT 6)")
  @Outcome(expect = FORBIDDEN,
      desc = "more bytes entered than the limit, or none though there was room")
  @State
  public static class TwoCallsTooLarge {
    private final Pending pending = new Pending(10, 10);

    @Actor
    public void one(ZZJ_Result r) {
      r.r1 = pending.tryEnter(6);
    }

    @Actor
    public void two(ZZJ_Result r) {
      r.r2 = pending.tryEnter(6);
    }

    @Arbiter
    public void after(ZZJ_Result r) {
      r.r3 = pending.calls();
    }
  }

  /** A caller stands in line as the last place is left. */
  @JCStressTest
  @Outcome(id = "true, true, 1", expect = ACCEPTABLE, desc = "it gets in (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "it waits while there is room: for ever")
  @State
  public static class WaitAgainstLeave {
    private final Pending pending = new Pending(1, Long.MAX_VALUE);
    private Pending.Admission admission;

    public WaitAgainstLeave() {
      pending.enter(0);
    }

    @Actor
    public void waiting() {
      admission = pending.enterWhenRoom(InlineHost.ENGINE, 0);
    }

    @Actor
    public void leaving(ZZJ_Result r) {
      pending.leave(0);
      r.r1 = true;
    }

    @Arbiter
    public void after(ZZJ_Result r) {
      r.r2 = admission.isDone();
      r.r3 = pending.calls();
    }
  }

  /** A caller stands in line as the last place is left in a turn. */
  @JCStressTest
  @Outcome(id = "true, true, 1", expect = ACCEPTABLE, desc = "it gets in (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "it waits while there is room: for ever")
  @State
  public static class WaitAgainstLeaveInTurn {
    private final Pending pending = new Pending(1, Long.MAX_VALUE);
    private final Ref<Integer> call = new Ref<>(InlineHost.ENGINE);
    private Pending.Admission admission;

    public WaitAgainstLeaveInTurn() {
      pending.enter(0);
    }

    @Actor
    public void waiting() {
      admission = pending.enterWhenRoom(InlineHost.ENGINE, 0);
    }

    @Actor
    public void leaving(ZZJ_Result r) {
      pending.leaveInTurn();
      r.r1 = call.complete(1);
      pending.admitWaiting();
    }

    @Arbiter
    public void after(ZZJ_Result r) {
      r.r2 = admission.isDone();
      r.r3 = pending.calls();
    }
  }

  /** Two places are left at once, and two stand in line. */
  @JCStressTest
  @Outcome(id = "true, true, 2", expect = ACCEPTABLE, desc = "both get in (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN,
      desc = "one waits while there is room, or more entered than the limit")
  @State
  public static class TwoLeaveTwoWait {
    private final Pending pending = new Pending(2, Long.MAX_VALUE);
    private final Pending.Admission first;
    private final Pending.Admission second;

    public TwoLeaveTwoWait() {
      pending.enter(0);
      pending.enter(0);
      first = pending.enterWhenRoom(InlineHost.ENGINE, 0);
      second = pending.enterWhenRoom(InlineHost.ENGINE, 0);
    }

    @Actor
    public void one() {
      pending.leave(0);
    }

    @Actor
    public void two() {
      pending.leave(0);
    }

    @Arbiter
    public void after(ZZJ_Result r) {
      r.r1 = first.isDone();
      r.r2 = second.isDone();
      r.r3 = pending.calls();
    }
  }

  /** A newcomer comes as the place is left for which another stands in line. */
  @JCStressTest
  @Outcome(id = "true, false, 1", expect = ACCEPTABLE,
      desc = "first come, first served (CONTRACT 6)")
  @Outcome(expect = FORBIDDEN, desc = "the newcomer took the place, or nobody has it")
  @State
  public static class NewcomerAgainstLine {
    private final Pending pending = new Pending(1, Long.MAX_VALUE);
    private final Pending.Admission waiting;

    public NewcomerAgainstLine() {
      pending.enter(0);
      waiting = pending.enterWhenRoom(InlineHost.ENGINE, 0);
    }

    @Actor
    public void leaving() {
      pending.leave(0);
    }

    @Actor
    public void newcomer(ZZJ_Result r) {
      r.r2 = pending.tryEnter(0);
    }

    @Arbiter
    public void after(ZZJ_Result r) {
      r.r1 = waiting.isDone();
      r.r3 = pending.calls();
    }
  }

  /** The one in line gives up as its turn comes. */
  @JCStressTest
  @Outcome(id = {"true, true, 0", "false, true, 1"}, expect = ACCEPTABLE,
      desc = "it gave up, or has the place: nothing in between (CONTRACT 6)")
  @Outcome(expect = FORBIDDEN, desc = "a place is counted that nobody has, or the other way round")
  @State
  public static class GiveUpAgainstLeave {
    private final Pending pending = new Pending(1, Long.MAX_VALUE);
    private final Pending.Admission waiting;

    public GiveUpAgainstLeave() {
      pending.enter(0);
      waiting = pending.enterWhenRoom(InlineHost.ENGINE, 0);
    }

    @Actor
    public void leaving() {
      pending.leave(0);
    }

    @Actor
    public void givingUp(ZZJ_Result r) {
      r.r1 = waiting.fail(new IllegalStateException("gave up"));
    }

    @Arbiter
    public void after(ZZJ_Result r) {
      r.r2 = waiting.isDone();
      r.r3 = pending.calls();
    }
  }

  /** A call finds too late that its bytes don't fit, and backs out; meanwhile another waits. */
  @JCStressTest
  @Outcome(id = {"true, true, 1", "false, true, 1"}, expect = ACCEPTABLE,
      desc = "the one in line gets in when the others are gone (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "it waits while nothing is pending: for ever")
  @State
  public static class BackOutAgainstLine {
    private final Pending pending = new Pending(10, 10);
    private Pending.Admission waiting;

    @Actor
    public void tooLate(ZZJ_Result r) {
      r.r1 = pending.tryEnter(6);
      if (r.r1) {
        pending.leave(6);
      }
    }

    @Actor
    public void line() {
      boolean entered = pending.tryEnter(6);
      waiting = pending.enterWhenRoom(InlineHost.ENGINE, 6);
      if (entered) {
        pending.leave(6);
      }
    }

    @Arbiter
    public void after(ZZJ_Result r) {
      r.r2 = waiting.isDone();
      r.r3 = pending.calls();
    }
  }
}
