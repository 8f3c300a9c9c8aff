package dev.manta.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.manta.ActorOptions;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** The calls of one handle of a serial actor start in the order of submission (CONTRACT 4). */
public final class SequencerStress {
  private SequencerStress() {}

  /** A serial actor that writes down who was there. */
  private static class Serial extends Life {
    final Ref<Integer> a = new Ref<>(InlineHost.ENGINE);
    final Ref<Integer> b = new Ref<>(InlineHost.ENGINE);
    private final StringBuilder order = new StringBuilder();
    private final Sequencer<Call<?>> sequencer = new Sequencer<>(cell::submit);

    Serial() {
      super(ActorOptions.serial());
    }

    final Call<Integer> submit(int number, List<Ref<?>> dependencies) {
      Call<Integer> call = entered(actor -> order.append(number).length());
      sequencer.submit(call, dependencies);
      return call;
    }

    final void tell(LL_Result r) {
      r.r1 = order.toString();
      r.r2 = rest();
    }
  }

  /** Two calls wait for a ref each, which complete at once. */
  @JCStressTest
  @Outcome(id = "12, idle", expect = ACCEPTABLE, desc = "in the order of submission (CONTRACT 4)")
  @Outcome(expect = FORBIDDEN, desc = "a call was overtaken or lost")
  @State
  public static class TwoDependencies extends Serial {
    public TwoDependencies() {
      submit(1, List.of(a));
      submit(2, List.of(b));
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
    public void after(LL_Result r) {
      tell(r);
    }
  }

  /** A call is submitted as the one before it becomes ready. */
  @JCStressTest
  @Outcome(id = "12, idle", expect = ACCEPTABLE, desc = "in the order of submission (CONTRACT 4)")
  @Outcome(expect = FORBIDDEN, desc = "a call was overtaken or lost")
  @State
  public static class SubmitAgainstReady extends Serial {
    public SubmitAgainstReady() {
      submit(1, List.of(a));
    }

    @Actor
    public void ready() {
      a.complete(1);
    }

    @Actor
    public void submits() {
      submit(2, List.of());
    }

    @Arbiter
    public void after(LL_Result r) {
      tell(r);
    }
  }

  /** The first call is cancelled as it becomes ready; another waits behind it. */
  @JCStressTest
  @Outcome(id = {"12, idle", "2, idle"}, expect = ACCEPTABLE,
      desc = "it ran or was dropped, and the one behind it ran (CONTRACT 1, 4)")
  @Outcome(expect = FORBIDDEN,
      desc = "a cancelled call holds up the one behind it, or was counted twice")
  @State
  public static class CancelAgainstReady extends Serial {
    private final Call<Integer> first;

    public CancelAgainstReady() {
      first = submit(1, List.of(a));
      submit(2, List.of());
    }

    @Actor
    public void ready() {
      a.complete(1);
    }

    @Actor
    public void cancels() {
      first.cancel();
    }

    @Arbiter
    public void after(LL_Result r) {
      tell(r);
    }
  }
}
