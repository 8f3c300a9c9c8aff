package dev.manta.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.manta.ActorOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A look at an inbox from outside, as a kill has it. */
public final class InboxStress {
  private InboxStress() {}

  /** The holder of the turn takes items meanwhile. */
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "each call was seen or taken")
  @Outcome(expect = FORBIDDEN, desc = "the kill has missed a call: it would never end (CONTRACT 1)")
  @State
  public static class CollectAgainstPoll extends Life {
    private final Incarnation inbox = cell.current();
    private final List<Call<?>> calls = new ArrayList<>();
    private final List<Call<?>> seen = new ArrayList<>();
    private @Nullable Item taken;
    private @Nullable Item takenNext;

    public CollectAgainstPoll() {
      super(ActorOptions.async());
      var _ = inbox.offer(new Note(0));
      for (int i = 0; i < 3; i++) {
        Call<Integer> call = entered(actor -> counts());
        calls.add(call);
        var _ = inbox.offer(call);
      }
    }

    @Actor
    public void holds() {
      taken = inbox.poll();
      takenNext = inbox.poll();
    }

    @Actor
    public void kills() {
      synchronized (inbox) {
        inbox.collect(seen);
      }
    }

    @Arbiter
    @SuppressWarnings("ReferenceEquality") // the very calls
    public void after(I_Result r) {
      for (Call<?> call : calls) {
        if (call != taken && call != takenNext && !seen.contains(call)) {
          r.r1++;
        }
      }
    }
  }
}
