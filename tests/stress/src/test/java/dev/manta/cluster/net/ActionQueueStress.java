package dev.manta.cluster.net;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A loop that waits is woken for what it is to do, and what was accepted is done. */
public final class ActionQueueStress {
  private ActionQueueStress() {}

  /** An action is added while the loop begins to wait. */
  @JCStressTest
  @Outcome(id = {"true, 1", "false, 0", "false, 1"}, expect = ACCEPTABLE,
      desc = "it is woken, or sees it")
  @Outcome(expect = FORBIDDEN, desc = "it waits though there is something to do (CONTRACT 1)")
  @State
  public static class AddAgainstWait {
    private int woken;
    private final ActionQueue queue = new ActionQueue(() -> woken++);

    @Actor
    public void loop(ZI_Result r) {
      r.r1 = queue.mayWait();
    }

    @Actor
    public void other() {
      queue.add(() -> {});
    }

    @Arbiter
    public void look(ZI_Result r) {
      r.r2 = woken;
    }
  }

  /** Two add actions to a loop that waits. */
  @JCStressTest
  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "one wakes it, both are there")
  @Outcome(expect = FORBIDDEN, desc = "it waits on, or is woken twice")
  @State
  public static class TwoAdd {
    private final AtomicInteger woken =
        new AtomicInteger();
    private final ActionQueue queue = new ActionQueue(woken::incrementAndGet);

    public TwoAdd() {
      queue.mayWait();
    }

    @Actor
    public void one() {
      queue.add(() -> {});
    }

    @Actor
    public void two() {
      queue.add(() -> {});
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = woken.get();
      while (queue.poll() != null) {
        r.r2++;
      }
    }
  }

  /** An action is added while the loop ends, which runs what it finds once it takes no more. */
  @JCStressTest
  @Outcome(id = {"true, true", "false, false"}, expect = ACCEPTABLE, desc = "run, or refused")
  @Outcome(expect = FORBIDDEN, desc = "accepted and dropped, or refused and run")
  @State
  public static class AddAgainstClose {
    private volatile boolean ran;
    private final ActionQueue queue = new ActionQueue(() -> {});

    @Actor
    public void other(ZZ_Result r) {
      r.r1 = queue.add(() -> ran = true);
    }

    @Actor
    public void loop() {
      queue.close();
      for (Runnable action; (action = queue.poll()) != null;) {
        action.run();
      }
    }

    @Arbiter
    public void look(ZZ_Result r) {
      r.r2 = ran;
    }
  }
}
