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
 * Random bytes, and valid streams with bytes changed, cut up at random. {@code -Dframes.inputs=10000000}
 * tries more of them, {@code -Dframes.seed=42} tries one.
 */
class FrameDecoderFuzzTest {
  private static final long INPUTS = Long.getLong("frames.inputs", 200_000);
  private static final Long SEED = Long.getLong("frames.seed");

  private static final ByteBuffer DIRECT = ByteBuffer.allocateDirect(1 << 10);

  /** What a naive decoder says of the same bytes. */
  private record Expected(List<byte[]> frames, boolean isRefused) {
    static Expected of(byte[] stream) {
      List<byte[]> frames = new ArrayList<>();
      ByteBuffer in = ByteBuffer.wrap(stream);
      while (in.remaining() >= Integer.BYTES) {
        int length = in.getInt();
        if (length < 0 || length > FrameDecoder.MAX_FRAME_BYTES) {
          return new Expected(frames, true);
        }
        if (length > in.remaining()) {
          break;
        }
        byte[] frame = new byte[length];
        in.get(frame);
        if (length > 0) {
          frames.add(frame);
        }
      }
      return new Expected(frames, false);
    }
  }

  /** Only frames or a typed error come out, the right ones, and memory is bounded by what came in. */
  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void anyBytes_giveFramesOrATypedError() {
    long first = SEED == null ? 0 : SEED;
    long end = SEED == null ? INPUTS : SEED + 1;
    for (long seed = first; seed < end; seed++) {
      try {
        check(seed);
      } catch (Throwable e) {
        fail("-Dframes.seed=" + seed, e);
      }
    }
  }

  private static void check(long seed) {
    Random random = new Random(seed);
    byte[] stream = random.nextInt(4) == 0 ? noise(random) : mutated(random);
    Expected expected = Expected.of(stream);
    List<byte[]> frames = new ArrayList<>();
    FrameDecoder decoder =
        new FrameDecoder(frame -> {
          byte[] bytes = new byte[frame.remaining()];
          frame.get(bytes);
          frames.add(bytes);
        });
    boolean isDirect = random.nextBoolean();

    boolean isRefused = false;
    try {
      for (int at = 0; at < stream.length;) {
        int count = Math.min(stream.length - at, 1 + random.nextInt(1 + random.nextInt(600)));
        decoder.decode(piece(stream, at, count, isDirect));
        at += count;
        assertThat(decoder.heldBytes()).isLessThanOrEqualTo((4 << 10) + 2 * stream.length);
      }
    } catch (FrameException e) {
      isRefused = true;
    }

    assertThat(isRefused).isEqualTo(expected.isRefused());
    assertThat(frames.size()).isEqualTo(expected.frames().size());
    for (int i = 0; i < frames.size(); i++) {
      assertThat(Arrays.equals(frames.get(i), expected.frames().get(i))).isTrue();
    }
  }

  private static ByteBuffer piece(byte[] stream, int at, int count, boolean isDirect) {
    if (isDirect) {
      return DIRECT.clear().put(stream, at, count).flip();
    }
    return ByteBuffer.wrap(Arrays.copyOfRange(stream, at, at + count));
  }

  private static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] mutated(Random random) {
    byte[][] frames = new byte[random.nextInt(12)][];
    int longest = random.nextInt(8) == 0 ? 5_000 : 60;
    for (int i = 0; i < frames.length; i++) {
      frames[i] = new byte[1 + random.nextInt(longest)];
      random.nextBytes(frames[i]);
    }
    return Network.damaged(Network.encode(frames), random);
  }
}
