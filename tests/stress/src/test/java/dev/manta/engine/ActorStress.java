package dev.manta.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.manta.ActorOptions;
import dev.manta.Reason;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ILL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Whatever hits an actor, each of its calls ends, and its error is honest (CONTRACT 1 and 2). */
public final class ActorStress {
  private ActorStress() {}

  /** A kill meets a call. */
  @JCStressTest
  @Outcome(id = {"1, value, idle", "1, unknown, idle", "0, not executed, idle"},
      expect = ACCEPTABLE,
      desc = "the call ended, and says whether it ran (CONTRACT 2)")
  @Outcome(expect = FORBIDDEN, desc = "the call never ends, or its error lies")
  @State
  public static class KillAgainstCall extends Life {
    private Call<Integer> call;

    public KillAgainstCall() {
      super(ActorOptions.async());
    }

    @Actor
    public void calls() {
      call = call(actor -> counts());
    }

    @Actor
    public void kills() {
      cell.kill(Reason.ACTOR_DIED, "was killed", false, false);
    }

    @Arbiter
    public void after(ILL_Result r) {
      r.r1 = count;
      r.r2 = Job.end(call);
      r.r3 = rest();
    }
  }

  /** A cancel and then a kill meet a call; the actor has a next life, with the places of this one. */
  @JCStressTest
  @Outcome(id = {"value, idle", "unknown, idle", "not executed, idle"}, expect = ACCEPTABLE,
      desc = "the call ended, and its place was given back once (CONTRACT 2, 6)")
  @Outcome(expect = FORBIDDEN, desc = "the call never ends, or its place was given back twice")
  @State
  public static class CancelAndKillAgainstCall extends Life {
    private final Call<Integer> call;

    public CancelAndKillAgainstCall() {
      super(ActorOptions.async().maxRestarts(1));
      call = entered(actor -> counts());
    }

    @Actor
    public void calls() {
      cell.submit(call);
    }

    @Actor
    public void cancelsAndKills() {
      call.cancel();
      cell.kill(Reason.ACTOR_DIED, "was killed", false, true);
    }

    @Arbiter
    public void after(LL_Result r) {
      r.r1 = Job.end(call);
      r.r2 = rest();
    }
  }

  /** A kill meets a call whose stage never ends. */
  @JCStressTest
  @Outcome(id = {"unknown, idle", "not executed, idle"}, expect = ACCEPTABLE,
      desc = "the call ended with its actor (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "the call of a dead actor never ends")
  @State
  public static class KillAgainstOpenStage extends Life {
    private Call<Integer> call;

    public KillAgainstOpenStage() {
      super(ActorOptions.async());
    }

    @Actor
    public void calls() {
      call = callAsync(actor -> new CompletableFuture<>());
    }

    @Actor
    public void kills() {
      cell.kill(Reason.ACTOR_DIED, "was killed", false, false);
    }

    @Arbiter
    public void after(LL_Result r) {
      r.r1 = Job.end(call);
      r.r2 = rest();
    }
  }

  /** A kill meets a call that finds no place, and is put aside in the turn of another one. */
  @JCStressTest
  @Outcome(id = "not executed, not executed, idle", expect = ACCEPTABLE,
      desc = "the calls ended with their actor (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "a call of a dead actor never ends")
  @State
  public static class KillAgainstDeferral extends Life {
    private Call<Integer> first;
    private Call<Integer> second;

    public KillAgainstDeferral() {
      super(ActorOptions.async().maxConcurrency(1));
      callAsync(actor -> new CompletableFuture<>());
    }

    @Actor
    public void calls() {
      first = call(actor -> counts());
    }

    @Actor
    public void callsAndKills() {
      second = call(actor -> counts());
      cell.kill(Reason.ACTOR_DIED, "was killed", false, false);
    }

    @Arbiter
    public void after(LLL_Result r) {
      r.r1 = Job.end(first);
      r.r2 = Job.end(second);
      r.r3 = rest();
    }
  }

  /** A kill meets a call that gets the place of another one, and whose stage never ends. */
  @JCStressTest
  @Outcome(id = {"unknown, idle", "not executed, idle"}, expect = ACCEPTABLE,
      desc = "the call ended with its actor (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "the call of a dead actor never ends")
  @State
  public static class KillAgainstFreePlace extends Life {
    private final CompletableFuture<Integer> stage = new CompletableFuture<>();
    private final Call<Integer> call;

    public KillAgainstFreePlace() {
      super(ActorOptions.async().maxConcurrency(1));
      callAsync(actor -> stage);
      call = callAsync(actor -> new CompletableFuture<>());
    }

    @Actor
    public void frees() {
      stage.complete(1);
    }

    @Actor
    public void kills() {
      cell.kill(Reason.ACTOR_DIED, "was killed", false, false);
    }

    @Arbiter
    public void after(LL_Result r) {
      r.r1 = Job.end(call);
      r.r2 = rest();
    }
  }

  /** A kill meets a call that waits for what never comes. */
  @JCStressTest
  @Outcome(id = {"unknown, idle", "not executed, idle"}, expect = ACCEPTABLE,
      desc = "the call ended with its actor (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "the call of a dead actor never ends")
  @State
  public static class KillAgainstWait extends Life {
    private final Ref<Integer> never = new Ref<>(InlineHost.ENGINE);
    private Call<Integer> call;

    public KillAgainstWait() {
      super(ActorOptions.async());
    }

    @Actor
    public void calls() {
      call =
          call(
              actor -> {
                Waits.untilDone(never, Waits.FOREVER);
                return 1;
              });
    }

    @Actor
    public void kills() {
      cell.kill(Reason.ACTOR_DIED, "was killed", false, false);
    }

    @Arbiter
    public void after(LL_Result r) {
      r.r1 = Job.end(call);
      r.r2 = rest();
    }
  }

  /** A kill with a restart meets a call; the next life takes another one. */
  @JCStressTest
  @Outcome(id = {"value, idle", "unknown, idle", "not executed, idle"}, expect = ACCEPTABLE,
      desc = "the call ended, and the next life works (CONTRACT 1, 8)")
  @Outcome(expect = FORBIDDEN, desc = "a call never ends")
  @State
  public static class RestartAgainstCall extends Life {
    private Call<Integer> call;

    public RestartAgainstCall() {
      super(ActorOptions.async().maxRestarts(1));
    }

    @Actor
    public void calls() {
      call = call(actor -> counts());
    }

    @Actor
    public void kills() {
      cell.kill(Reason.ACTOR_DIED, "was killed", false, true);
    }

    @Arbiter
    public void after(LL_Result r) {
      String next = Job.end(call(actor -> counts()));
      r.r1 = next.equals("value") ? Job.end(call) : "next life: " + next;
      r.r2 = rest();
    }
  }

  /** A place becomes free as the call that waits for it is cancelled; another stands behind. */
  @JCStressTest
  @Outcome(id = {"2, value, idle", "2, unknown, idle", "1, not executed, idle"},
      expect = ACCEPTABLE,
      desc = "it ran or was dropped, and the one behind it ran (CONTRACT 2, 6)")
  @Outcome(expect = FORBIDDEN, desc = "the error lies, or the place was lost")
  @State
  public static class CancelAgainstFreePlace extends Life {
    private final CompletableFuture<Integer> stage = new CompletableFuture<>();
    private final Call<Integer> cancelled;
    private final Call<Integer> behind;

    public CancelAgainstFreePlace() {
      super(ActorOptions.async().maxConcurrency(1));
      callAsync(actor -> stage);
      cancelled = call(actor -> counts());
      behind = call(actor -> counts());
    }

    @Actor
    public void frees() {
      stage.complete(1);
    }

    @Actor
    public void cancels() {
      cancelled.cancel();
    }

    @Arbiter
    public void after(ILL_Result r) {
      r.r1 = count;
      r.r2 = behind.isDone() ? Job.end(cancelled) : "the one behind waits";
      r.r3 = rest();
    }
  }
}
