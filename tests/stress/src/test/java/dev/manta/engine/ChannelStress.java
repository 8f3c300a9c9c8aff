package dev.manta.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.CancellationException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LJ_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A stream hands over every element in order, waits for no ghost, and gives its slots back. */
public final class ChannelStress {
  private ChannelStress() {}

  /** A producer and a consumer, each waiting for the other, on a buffer of one. */
  @JCStressTest
  @Outcome(id = "123, 0", expect = ACCEPTABLE,
      desc = "every element in order, then the end; the slots are free (CONTRACT 1, 6)")
  @Outcome(expect = FORBIDDEN, desc = "an element was lost, doubled or overtaken, or a slot kept")
  @State
  public static class PutAgainstPoll {
    private final Pending slots = new Pending(2, Long.MAX_VALUE);
    private final Channel channel = new Channel(InlineHost.ENGINE, 1, slots);

    @Actor
    public void producer() {
      channel.put("1");
      channel.put("2");
      channel.put("3");
      channel.end(null);
    }

    @Actor
    public void consumer(LJ_Result r) {
      StringBuilder got = new StringBuilder();
      while (!channel.isAtEnd()) {
        channel.untilReadable();
        Object element = channel.poll();
        if (element != null) {
          got.append(element);
        }
      }
      r.r1 = got.toString();
    }

    @Arbiter
    public void after(LJ_Result r) {
      r.r2 = slots.calls();
    }
  }

  /** The consumer goes while the producer puts, or waits for room. */
  @JCStressTest
  @Outcome(id = {"0, 0", "1, 0", "2, 0"}, expect = ACCEPTABLE,
      desc = "the producer is told at its next element; the slots are free (CONTRACT 1, 6)")
  @Outcome(expect = FORBIDDEN, desc = "the producer goes on for nobody, or a slot is kept")
  @State
  public static class PutAgainstAbandon {
    private final Pending slots = new Pending(10, Long.MAX_VALUE);
    private final Channel channel = new Channel(InlineHost.ENGINE, 2, slots);

    @Actor
    public void producer(LJ_Result r) {
      int put = 0;
      try {
        while (put < 5) {
          channel.put("element");
          put++;
        }
      } catch (CancellationException e) {
        // the consumer is gone
      }
      r.r1 = put;
    }

    @Actor
    public void consumer() {
      channel.abandon();
    }

    @Arbiter
    public void after(LJ_Result r) {
      r.r2 = slots.calls();
    }
  }

  /** The consumer reads on one thread and goes on another. */
  @JCStressTest
  @Outcome(id = {"element, 0", "null, 0"}, expect = ACCEPTABLE,
      desc = "the element was read or dropped; its slot is free once (CONTRACT 6)")
  @Outcome(expect = FORBIDDEN, desc = "a slot was given back twice or never")
  @State
  public static class PollAgainstAbandon {
    private final Pending slots = new Pending(10, Long.MAX_VALUE);
    private final Channel channel = new Channel(InlineHost.ENGINE, 2, slots);

    public PollAgainstAbandon() {
      channel.put("element");
    }

    @Actor
    public void poll(LJ_Result r) {
      r.r1 = channel.poll();
    }

    @Actor
    public void abandon() {
      channel.abandon();
    }

    @Arbiter
    public void after(LJ_Result r) {
      r.r2 = slots.calls();
    }
  }

  /** A stream ends well and with an error at once, such as by a kill. */
  @JCStressTest
  @Outcome(id = {"well, true", "error, true"}, expect = ACCEPTABLE,
      desc = "the first end counts, and the consumer sees it (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN, desc = "the consumer waits for an end that was")
  @State
  public static class TwoEnds {
    private final Channel channel = new Channel(InlineHost.ENGINE, 2, null);

    @Actor
    public void well() {
      channel.end(null);
    }

    @Actor
    public void error(LL_Result r) {
      channel.end(new IllegalStateException());
      channel.untilReadable();
      r.r2 = channel.isAtEnd();
    }

    @Arbiter
    public void after(LL_Result r) {
      r.r1 = channel.takeError() == null ? "well" : "error";
    }
  }
}
