package dev.manta.mutants;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** A mailbox that goes idle with a store where a compare-and-set belongs: it loses an item. */
@JCStressTest
@Outcome(id = {"true, true, idle", "false, false, item"}, expect = ACCEPTABLE,
    desc = "somebody holds the turn and the item")
@Outcome(expect = FORBIDDEN, desc = "the item was lost (CONTRACT 1): what this mutant is for")
@State
public class StoreReleaseMailbox {
  private final AtomicReference<String> head = new AtomicReference<>("busy");

  @Actor
  public void consumer(ZZL_Result r) {
    if (head.get().equals("busy")) {
      Thread.yield();
      head.set("idle");
      r.r1 = true;
    }
  }

  @Actor
  public void producer(ZZL_Result r) {
    for (;;) {
      String top = head.get();
      boolean idle = top.equals("idle");
      if (head.compareAndSet(top, idle ? "taken" : "item")) {
        r.r2 = idle;
        return;
      }
    }
  }

  @Arbiter
  public void after(ZZL_Result r) {
    r.r3 = r.r2 && head.get().equals("taken") ? "idle" : head.get();
  }
}
