package dev.manta.benchmarks.calls;

import dev.manta.ActorRef;
import dev.manta.Manta;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** {@code call.local.roundtrip}: one call at a time from a virtual thread. */
public class Roundtrip {
  private static final int CALLS = 10_000;

  /** Manta: {@code get} after each call. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void manta() throws InterruptedException {
    try (Manta manta = Manta.start()) {
      ActorRef<Counter> counter = Counter.in(manta);
      Thread caller = Thread.startVirtualThread(() -> {
        for (int i = 0; i < CALLS; i++) {
          counter.call(c -> c.add(5)).get();
        }
      });
      caller.join();
    }
  }

  /** Two virtual threads that hand a number over and back. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void bareThreads() throws InterruptedException {
    Handover handover = new Handover();
    Thread answers = Thread.ofVirtual().unstarted(handover::answer);
    Thread asks = Thread.ofVirtual().unstarted(() -> handover.ask(answers));
    handover.asking = asks;
    answers.start();
    asks.start();
    asks.join();
    answers.join();
  }

  /** The number is odd while an answer is due. */
  private static final class Handover {
    private volatile int number;
    private volatile Thread asking;

    void ask(Thread answering) {
      for (int i = 0; i < CALLS; i++) {
        int next = number + 1;
        number = next;
        LockSupport.unpark(answering);
        while (number == next) {
          LockSupport.park();
        }
      }
    }

    void answer() {
      for (int i = 0; i < CALLS; i++) {
        while ((number & 1) == 0) {
          LockSupport.park();
        }
        number++;
        LockSupport.unpark(asking);
      }
    }
  }
}
