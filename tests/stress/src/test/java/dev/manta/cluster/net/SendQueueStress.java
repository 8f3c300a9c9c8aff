package dev.manta.cluster.net;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** One thread at a time writes to a peer, and somebody sees to what was pushed meanwhile. */
public final class SendQueueStress {
  private SendQueueStress() {}

  private static byte[] frame(int number) {
    return new byte[]{(byte) number};
  }

  /** The numbers of the frames that a buffer holds, in their order, as decimal digits. */
  private static int numbers(ByteBuffer out) {
    int all = 0;
    for (out.flip(); out.hasRemaining();) {
      out.getInt();
      all = 10 * all + out.get();
    }
    return all;
  }

  /** Two find nothing to wait behind. */
  @JCStressTest
  @Outcome(id = {"true, false", "false, true"}, expect = ACCEPTABLE, desc = "one writes")
  @Outcome(expect = FORBIDDEN, desc = "both write, or nobody does")
  @State
  public static class TwoBegin {
    private final SendQueue queue = new SendQueue();

    @Actor
    public void one(ZZ_Result r) {
      r.r1 = queue.begin();
    }

    @Actor
    public void two(ZZ_Result r) {
      r.r2 = queue.begin();
    }
  }

  /** A frame is pushed, and the loop woken for it, while a thread ends that has written. */
  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "who ends wakes the loop again")
  @Outcome(id = {"false, true", "true, true"}, expect = ACCEPTABLE, desc = "the loop writes it")
  @Outcome(expect = FORBIDDEN, desc = "the frame stays where it is until the next (CONTRACT 1)")
  @State
  public static class PushAgainstEnd {
    private final SendQueue queue = new SendQueue();

    public PushAgainstEnd() {
      queue.begin();
    }

    @Actor
    public void writer(ZZ_Result r) {
      r.r1 = queue.end();
    }

    @Actor
    public void loop(ZZ_Result r) {
      r.r2 = queue.push(frame(1)) && queue.begin();
    }
  }

  /** Frames of one thread, while another writes what there is. */
  @JCStressTest
  @Outcome(id = {"0, 12", "1, 2", "12, 0"}, expect = ACCEPTABLE, desc = "in their order, once each")
  @Outcome(expect = FORBIDDEN, desc = "a frame was lost, doubled or overtaken (CONTRACT 4)")
  @State
  public static class PushesAgainstFill {
    private final SendQueue queue = new SendQueue();
    private final ByteBuffer out = ByteBuffer.allocate(64);

    @Actor
    public void sender() {
      queue.push(frame(1));
      queue.push(frame(2));
    }

    @Actor
    public void writer(II_Result r) {
      queue.begin();
      queue.fill(out);
      r.r1 = numbers(out);
      queue.end();
    }

    @Arbiter
    public void after(II_Result r) {
      out.clear();
      queue.begin();
      queue.fill(out);
      r.r2 = numbers(out);
    }
  }

  /** The peer says what it has while a thread ends that has written. */
  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "who ends wakes the loop, which lets go")
  @Outcome(id = {"false, true", "true, true"}, expect = ACCEPTABLE, desc = "the loop lets go")
  @Outcome(expect = FORBIDDEN, desc = "the frame is held until the next (CONTRACT 6)")
  @State
  public static class AcknowledgeAgainstEnd {
    private final SendQueue queue = new SendQueue();

    public AcknowledgeAgainstEnd() {
      queue.begin();
      queue.append(new SendQueue.Entry(frame(1)));
    }

    @Actor
    public void writer(ZZ_Result r) {
      r.r1 = queue.end();
    }

    @Actor
    public void loop(ZZ_Result r) {
      queue.acknowledge(1);
      r.r2 = queue.begin();
    }
  }

  /** A thread sends a frame alone and ends while the loop, which begins then, lets go of it. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "it was sent before, and is let go")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the loop was first: it is sent afterwards")
  @Outcome(expect = FORBIDDEN, desc = "what one has written the other does not see")
  @State
  public static class AppendAgainstTrim {
    private final SendQueue queue = new SendQueue();

    @Actor
    public void sender() {
      if (queue.begin()) {
        queue.append(new SendQueue.Entry(frame(1)));
        queue.end();
      } else {
        queue.push(frame(1));
      }
    }

    @Actor
    public void loop(II_Result r) {
      while (!queue.begin()) {
        Thread.onSpinWait();
      }
      r.r1 = queue.heldBytes() > 0 ? 1 : 0;
      try {
        queue.rewind(r.r1);
      } catch (FrameException e) {
        r.r1 = -1;
      }
      queue.end();
    }

    @Arbiter
    public void after(II_Result r) {
      r.r2 = queue.heldBytes() > 0 || queue.bytes() > 0 ? 1 : 0;
    }
  }

  /** Frames of one thread, while another writes what there is, and all of it once more. */
  @JCStressTest
  @Outcome(id = {"0, 12", "1, 2", "12, 0"}, expect = ACCEPTABLE, desc = "in their order, once each")
  @Outcome(expect = FORBIDDEN, desc = "a frame was lost, doubled or overtaken (CONTRACT 4)")
  @State
  public static class PushesAgainstRewind {
    private final SendQueue queue = new SendQueue();
    private final ByteBuffer out = ByteBuffer.allocate(64);

    @Actor
    public void sender() {
      queue.push(frame(1));
      queue.push(frame(2));
    }

    @Actor
    public void writer(II_Result r) {
      queue.begin();
      queue.fill(out);
      r.r1 = again(queue, out);
      queue.end();
    }

    private static int again(SendQueue queue, ByteBuffer out) {
      try {
        queue.rewind(0);
      } catch (FrameException e) {
        return -1;
      }
      queue.fill(out.clear());
      return numbers(out);
    }

    @Arbiter
    public void after(II_Result r) {
      out.clear();
      queue.begin();
      queue.fill(out);
      r.r2 = numbers(out);
    }
  }
}
