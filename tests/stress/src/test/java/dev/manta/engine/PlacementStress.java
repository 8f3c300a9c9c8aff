package dev.manta.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Requests meet releases: each is granted once, and no CPU twice (CONTRACT 6). */
public final class PlacementStress {
  private PlacementStress() {}

  /** A request that counts its grants. */
  private static final class Ask extends Item implements Placement.Request {
    private final Needs needs;
    final AtomicInteger grants = new AtomicInteger();

    Ask(Needs needs) {
      this.needs = needs;
    }

    @Override
    public Needs needs() {
      return needs;
    }

    @Override
    public void granted() {
      grants.incrementAndGet();
    }

    @Override
    public boolean isWithdrawn() {
      return false;
    }

    @Override
    boolean runInTurn(Incarnation actor, TurnRunner runner) {
      throw new AssertionError("in no mailbox");
    }
  }

  /** One CPU, which is taken. */
  private abstract static class OneCpu {
    final Placement placement = new Placement(1, Map.of(), 2);
    final Needs needs = placement.needs(1, Map.of(), true);
    final Ask holder = new Ask(needs);
    final Ask first = new Ask(needs);
    final Ask second = new Ask(needs);

    OneCpu() {
      placement.request(holder);
    }
  }

  /** A task comes as the only CPU is released. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "granted")
  @Outcome(expect = FORBIDDEN, desc = "lost, or granted twice")
  @State
  public static class RequestAgainstRelease extends OneCpu {
    @Actor
    public void request() {
      placement.request(first);
    }

    @Actor
    public void release() {
      placement.release(needs);
    }

    @Arbiter
    public void after(II_Result r) {
      r.r1 = holder.grants.get();
      r.r2 = first.grants.get();
    }
  }

  /** Two tasks come as the only CPU is handed on: the first has it, the other stands in line. */
  @JCStressTest
  @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "in their order")
  @Outcome(expect = FORBIDDEN, desc = "lost, or granted twice")
  @State
  public static class TwoRequestsAgainstHandingOn extends OneCpu {
    @Actor
    public void requests() {
      placement.request(first);
      placement.request(second);
    }

    @Actor
    public void handOn() {
      Placement.Request next = placement.releaseAndNext(needs);
      if (next != null) {
        next.granted();
      }
    }

    @Arbiter
    public void after(III_Result r) {
      r.r1 = first.grants.get();
      r.r2 = second.grants.get();
      r.r3 = placement.waiting();
    }
  }
}
