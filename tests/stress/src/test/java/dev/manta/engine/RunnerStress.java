package dev.manta.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** A wait is ended once, by the first who comes, and no other wait is (CONTRACT 1). */
public final class RunnerStress {
  private RunnerStress() {}

  /** A runner that counts how often it is resumed. */
  private static final class Counting extends Runner {
    final AtomicInteger resumes = new AtomicInteger();

    @Override
    Host host() {
      return InlineHost.ENGINE.host;
    }

    @Override
    void giveUp() {}

    @Override
    void resume() {
      resumes.incrementAndGet();
      resumed = true;
    }

    @Override
    void regained() {}

    @Override
    java.util.concurrent.Executor place() {
      return Runnable::run;
    }
  }

  /** A completion meets a timer. */
  @JCStressTest
  @Outcome(id = {"true, false, 1", "false, true, 1"}, expect = ACCEPTABLE,
      desc = "one of them ended the wait (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "resumed twice, or never")
  @State
  public static class TwoWakes {
    private final Counting runner = new Counting();
    private final int token = runner.arm();

    @Actor
    public void completion(ZZI_Result r) {
      r.r1 = runner.wake(token);
    }

    @Actor
    public void cancel(ZZI_Result r) {
      r.r2 = runner.wake();
    }

    @Arbiter
    public void after(ZZI_Result r) {
      r.r3 = runner.resumes.get();
    }
  }

  /** A late wake meets a runner that takes its wait back and begins the next one. */
  @JCStressTest
  @Outcome(id = {"true, false, 0", "false, true, 1"}, expect = ACCEPTABLE,
      desc = "the wake ended its own wait or none (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "the next wait was ended by the last one's wake")
  @State
  public static class WakeAgainstNextWait {
    private final Counting runner = new Counting();
    private final int first = runner.arm();

    @Actor
    public void runner(ZZI_Result r) {
      r.r1 = runner.disarm(first);
      if (r.r1) {
        runner.arm();
      }
    }

    @Actor
    public void late(ZZI_Result r) {
      r.r2 = runner.wake(first);
    }

    @Arbiter
    public void after(ZZI_Result r) {
      r.r3 = runner.resumes.get();
    }
  }

  /** A foreign stage completes as the wait for it begins. */
  @JCStressTest
  @Outcome(id = {"true, false, 1", "false, false, 0", "false, false, 1"}, expect = ACCEPTABLE,
      desc = "the wait was ended, or was not begun (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "begun and never ended")
  @State
  public static class StageAgainstBegin {
    private final Counting runner = new Counting();
    private final CompletableFuture<Integer> stage = new CompletableFuture<>();
    private final StageWait<Integer> wait = new StageWait<>(InlineHost.ENGINE, stage);

    @Actor
    public void completion() {
      stage.complete(1);
    }

    @Actor
    public void runner(ZZI_Result r) {
      r.r1 = wait.endsWait(runner, runner.arm());
    }

    @Arbiter
    public void after(ZZI_Result r) {
      r.r3 = runner.resumes.get();
    }
  }

  /** A foreign stage completes as the second of two waits for it begins. */
  @JCStressTest
  @Outcome(id = {"true, true, 11", "true, false, 10", "true, false, 11", "false, false, 0",
      "false, false, 1", "false, false, 10", "false, false, 11"},
      expect = ACCEPTABLE, desc = "each wait was ended, or was not begun (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "begun and never ended")
  @State
  public static class StageAgainstSharers {
    private final Counting first = new Counting();
    private final Counting second = new Counting();
    private final CompletableFuture<Integer> stage = new CompletableFuture<>();
    private final StageWait<Integer> wait = new StageWait<>(InlineHost.ENGINE, stage);

    @Actor
    public void completion() {
      stage.complete(1);
    }

    @Actor
    public void turn(ZZI_Result r) {
      r.r1 = wait.endsWait(first, first.arm());
      r.r2 = wait.endsWait(second, second.arm());
    }

    @Arbiter
    public void after(ZZI_Result r) {
      r.r3 = 10 * first.resumes.get() + second.resumes.get();
    }
  }
}
