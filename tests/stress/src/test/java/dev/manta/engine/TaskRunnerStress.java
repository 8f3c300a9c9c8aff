package dev.manta.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** An interrupt reaches the code of its task and nothing else (CONTRACT 10). */
public final class TaskRunnerStress {
  private TaskRunnerStress() {}

  /** A cancel's interrupt meets the end of its task. */
  @JCStressTest
  @Outcome(id = "false", expect = ACCEPTABLE, desc = "the next task finds no interrupt")
  @Outcome(expect = FORBIDDEN, desc = "the interrupt came late")
  @State
  public static class InterruptAgainstEnd {
    private final Task<Integer> task =
        new Task<>(
            InlineHost.ENGINE,
            "a function",
            Body.INTERNAL,
            new Needs(0, Map.of(), false),
            "a task");
    private final TaskRunner runner = new TaskRunner(InlineHost.ENGINE.tasks, task);

    /** The task runs before the interrupt may come. */
    public InterruptAgainstEnd() {
      runner.begin(task);
    }

    @Actor
    public void runner(Z_Result r) {
      runner.thread = Thread.currentThread();
      runner.endOf(task);
      r.r1 = Thread.interrupted();
    }

    @Actor
    public void cancel() {
      runner.interrupt(task);
    }
  }
}
