package dev.manta.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** A ref completes exactly once, and whoever waits for it is told exactly once (CONTRACT 1). */
public final class RefStress {
  private RefStress() {}

  private static <T extends @Nullable Object> Ref<T> pending() {
    return new Ref<>(InlineHost.ENGINE);
  }

  /** A value meets an error. */
  @JCStressTest
  @Outcome(id = "true, false, value", expect = ACCEPTABLE,
      desc = "the value was first (CONTRACT 1)")
  @Outcome(id = "false, true, IllegalStateException", expect = ACCEPTABLE,
      desc = "the error was first (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "completed twice, or not by the one that says so")
  @State
  public static class TwoCompletions {
    private final Ref<Integer> ref = pending();

    @Actor
    public void value(ZZL_Result r) {
      r.r1 = ref.complete(1);
    }

    @Actor
    public void error(ZZL_Result r) {
      r.r2 = ref.fail(new IllegalStateException());
    }

    @Arbiter
    public void after(ZZL_Result r) {
      r.r3 = Job.end(ref);
    }
  }

  /** A waiter comes as the ref completes. */
  @JCStressTest
  @Outcome(id = {"true, 1", "false, 0"}, expect = ACCEPTABLE,
      desc = "told once, or told at once that there is nothing to wait for (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "a waiter was forgotten or told twice")
  @State
  public static class SubscribeAgainstComplete {
    private final Ref<Integer> ref = pending();
    private final Count waiter = new Count();

    @Actor
    public void waiter(ZI_Result r) {
      r.r1 = ref.subscribe(waiter);
    }

    @Actor
    public void complete() {
      ref.complete(1);
    }

    @Arbiter
    public void after(ZI_Result r) {
      r.r2 = waiter.told;
    }
  }

  /** Two waiters come at once, and another one after them. */
  @JCStressTest
  @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "each is told once (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "a waiter was forgotten or told twice")
  @State
  public static class TwoSubscribers {
    private final Ref<Integer> ref = pending();
    private final Count one = new Count();
    private final Count two = new Count();
    private final Count three = new Count();

    @Actor
    public void one() {
      ref.subscribe(one);
    }

    @Actor
    public void two() {
      ref.subscribe(two);
    }

    @Arbiter
    public void after(III_Result r) {
      ref.subscribe(three);
      ref.complete(1);
      r.r1 = one.told;
      r.r2 = two.told;
      r.r3 = three.told;
    }
  }

  /** One of several waiters gives up, as after a timeout, while the ref completes. */
  @JCStressTest
  @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "the others are told once (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "one that still waits was forgotten or told twice")
  @State
  public static class AbandonAgainstComplete {
    private final Ref<Integer> ref = pending();
    private final Count first = new Count();
    private final Count gone = new Count();
    private final Count third = new Count();
    private final Count fourth = new Count();

    public AbandonAgainstComplete() {
      ref.subscribe(first);
      ref.subscribe(gone);
      ref.subscribe(third);
      ref.subscribe(fourth);
    }

    @Actor
    public void abandon() {
      ref.abandon(gone);
    }

    @Actor
    public void complete() {
      ref.complete(1);
    }

    @Arbiter
    public void after(III_Result r) {
      r.r1 = first.told;
      r.r2 = third.told;
      r.r3 = fourth.told;
    }
  }

  /** Two waiters give up at once; those between and around them still wait. */
  @JCStressTest
  @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "the others are told once (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "one that still waits was forgotten or told twice")
  @State
  public static class TwoAbandons {
    private final Ref<Integer> ref = pending();
    private final Count first = new Count();
    private final Count gone = new Count();
    private final Count third = new Count();
    private final Count goneToo = new Count();
    private final Count fifth = new Count();

    public TwoAbandons() {
      ref.subscribe(first);
      ref.subscribe(gone);
      ref.subscribe(third);
      ref.subscribe(goneToo);
    }

    @Actor
    public void one() {
      ref.abandon(gone);
    }

    @Actor
    public void two() {
      ref.abandon(goneToo);
      ref.subscribe(fifth);
    }

    @Arbiter
    public void after(III_Result r) {
      ref.complete(1);
      r.r1 = first.told;
      r.r2 = third.told;
      r.r3 = fifth.told;
    }
  }

  /** A dependent is registered as the ref completes. */
  @JCStressTest
  @Outcome(id = "8", expect = ACCEPTABLE, desc = "it ran once, with the value (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "the dependent did not run, or ran twice")
  @State
  public static class DependentAgainstComplete {
    private final Ref<Integer> ref = pending();
    private int sum = 1;

    @Actor
    public void dependent() {
      var _ = ref.thenAccept(value -> add(value));
    }

    @Actor
    public void complete() {
      ref.complete(7);
    }

    private synchronized void add(int value) {
      sum += value;
    }

    @Arbiter
    public void after(I_Result r) {
      r.r1 = sum;
    }
  }

  /** What the completing thread wrote before is there for whoever sees the ref complete. */
  @JCStressTest
  @Outcome(id = {"false, 0", "true, 7"}, expect = ACCEPTABLE,
      desc = "a complete ref publishes what led to it (CONTRACT 5)")
  @Outcome(expect = FORBIDDEN, desc = "complete before the writes that led to it")
  @State
  public static class CompletionPublishes {
    private final Ref<Integer> ref = pending();
    private int plain;

    @Actor
    public void complete() {
      plain = 7;
      ref.complete(1);
    }

    @Actor
    public void look(ZI_Result r) {
      r.r1 = ref.isDone();
      r.r2 = r.r1 ? plain : 0;
    }
  }

  /** A thread waits while another completes: it comes back. */
  @JCStressTest
  @Outcome(id = "7", expect = ACCEPTABLE, desc = "it woke, with the value (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "it woke too early")
  @State
  public static class GetAgainstComplete {
    private final Ref<Integer> ref = pending();

    @Actor
    public void get(I_Result r) {
      Waits.untilDone(ref, Waits.FOREVER);
      r.r1 = ref.now();
    }

    @Actor
    public void complete() {
      ref.complete(7);
    }
  }

  /** The last two holders of a value let it go at once. */
  @JCStressTest
  @Outcome(id = "true, true, 1", expect = ACCEPTABLE, desc = "nothing holds the value (CONTRACT 6)")
  @Outcome(expect = FORBIDDEN,
      desc = "a released ref still holds its value, or a live one does not")
  @State
  public static class TwoReleases {
    private static final Object VALUE = "value";
    private final Ref<Object> ref = pending();
    private final RefView<Object> view = ref.view();

    public TwoReleases() {
      ref.complete(VALUE);
    }

    @Actor
    public void origin(ZZI_Result r) {
      r.r1 = view.origin().isDone();
      ref.release();
    }

    @Actor
    public void view(ZZI_Result r) {
      r.r2 = VALUE.equals(view.now());
      view.release();
    }

    @Arbiter
    public void after(ZZI_Result r) {
      r.r3 = VALUE.equals(ref.raw()) ? 0 : 1;
    }
  }
}
