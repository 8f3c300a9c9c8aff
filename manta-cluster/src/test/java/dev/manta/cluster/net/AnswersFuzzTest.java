package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random bytes, and valid answers with bytes changed, cut up at random. {@code -Dframes.inputs=10000000}
 * tries more of them, {@code -Dframes.seed=42} tries one.
 */
class AnswersFuzzTest {
  private static final long INPUTS = Long.getLong("frames.inputs", 200_000);
  private static final Long SEED = Long.getLong("frames.seed");

  /** What was read, as text. */
  private static final class Log implements Answers.Sink {
    final List<String> lines = new ArrayList<>();

    @Override
    public void taken(long id, long count) {
      lines.add("taken " + id + " " + count);
    }

    @Override
    public void refused() {
      lines.add("refused");
    }

    @Override
    public void acknowledged(long count) {
      lines.add("acknowledged " + count);
    }
  }

  /** What a naive decoder says of the same bytes; the last line is "bad" if they are. */
  private static List<String> expected(byte[] stream) {
    List<String> lines = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(stream);
    if (in.remaining() >= 4 && in.getInt(0) != Handshake.VERSION) {
      return List.of("bad");
    }
    if (in.remaining() < Answers.ANSWER_BYTES) {
      return lines;
    }
    in.getInt();
    byte code = in.get();
    long id = in.getLong();
    long count = in.getLong();
    if (count < 0 || code < 0 || code > 1) {
      return List.of("bad");
    }
    lines.add(code == 0 ? "taken " + id + " " + count : "refused");
    while (in.remaining() >= Long.BYTES) {
      long next = in.getLong();
      if (next < count) {
        lines.add("bad");
        break;
      }
      count = next;
      lines.add("acknowledged " + count);
    }
    return lines;
  }

  /** Only what was said or a typed error comes out; no memory is taken for it. */
  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void anyBytes_giveAnswersOrATypedError() {
    long first = SEED == null ? 0 : SEED;
    long end = SEED == null ? INPUTS : SEED + 1;
    for (long seed = first; seed < end; seed++) {
      try {
        check(new Random(seed));
      } catch (Throwable e) {
        fail("-Dframes.seed=" + seed, e);
      }
    }
  }

  private static void check(Random random) {
    byte[] stream = random.nextInt(4) == 0 ? noise(random) : mutated(random);
    Log log = new Log();
    Answers answers = new Answers(log);

    try {
      for (int at = 0; at < stream.length;) {
        int count = Math.min(stream.length - at, 1 + random.nextInt(40));
        answers.decode(ByteBuffer.wrap(Arrays.copyOfRange(stream, at, at + count)));
        at += count;
      }
    } catch (FrameException e) {
      log.lines.add("bad");
    }

    assertThat(log.lines).isEqualTo(expected(stream));
  }

  private static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(100)];
    random.nextBytes(bytes);
    if (random.nextBoolean() && bytes.length >= 4) {
      ByteBuffer.wrap(bytes).putInt(Handshake.VERSION);
    }
    return bytes;
  }

  private static byte[] mutated(Random random) {
    int acks = random.nextInt(10);
    ByteBuffer out = ByteBuffer.allocate(Answers.ANSWER_BYTES + acks * Long.BYTES);
    long count = random.nextInt(100);
    Answers.writeAnswer(out, (byte) random.nextInt(2), random.nextLong(), count);
    for (int i = 0; i < acks; i++) {
      count += random.nextInt(1_000);
      out.putLong(count);
    }
    return Network.damaged(out.array(), random);
  }
}
