package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes become frames, however they are cut up; what is no frame ends them. */
class FrameDecoderTest {
  private static final int MAX_PIECE_BYTES = 64 << 10;

  private final List<byte[]> frames = new ArrayList<>();
  private final FrameDecoder decoder = new FrameDecoder(frame -> frames.add(bytes(frame)));

  private static byte[] bytes(ByteBuffer frame) {
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return bytes;
  }

  private static byte[] random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Whatever the size of the pieces, the same frames come out. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 64, 4_095, 65_536})
  void frames_areTheSameInPiecesOfAnySize(int piece) throws FrameException {
    Random random = new Random(1);
    byte[][] sent = new byte[60][];
    Arrays.setAll(sent, i -> random(random, i == 30 ? 300_000 : 1 + random.nextInt(2_000)));
    byte[] stream = Network.encode(sent);

    for (int at = 0; at < stream.length; at += piece) {
      decoder.decode(ByteBuffer.wrap(stream, at, Math.min(piece, stream.length - at)));
    }

    assertThat(frames).containsExactly(sent);
    assertThat(decoder.isInFrame()).isFalse();
  }

  /** A frame that lies in the buffer whole is that part of the buffer. */
  @Test
  void wholeFrame_isNotCopied() throws FrameException {
    ByteBuffer in = ByteBuffer.wrap(Network.encode(new byte[]{1}, new byte[]{2, 3}));
    List<ByteBuffer> views = new ArrayList<>();

    new FrameDecoder(view -> views.add(view.put(0, (byte) 9))).decode(in);

    assertThat(in.array()).startsWith(0, 0, 0, 1, 9);
    assertThat(in.hasRemaining()).isFalse();
    assertThat(views).extracting(ByteBuffer::capacity).containsExactly(1, 2);
  }

  /** The longest frame comes through, and its memory is let go. */
  @Test
  void longestFrame_isTaken() throws FrameException {
    byte[] longest = random(new Random(2), FrameDecoder.MAX_FRAME_BYTES);
    byte[] stream = Network.encode(longest);

    for (int at = 0; at < stream.length; at += MAX_PIECE_BYTES) {
      decoder.decode(ByteBuffer.wrap(stream, at, Math.min(MAX_PIECE_BYTES, stream.length - at)));
    }

    assertThat(frames).hasSize(1);
    assertThat(Arrays.equals(frames.getFirst(), longest)).isTrue();
    assertThat(decoder.heldBytes()).isZero();
  }

  /** A length that no frame has ends the decoding, after the frames before it. */
  @ParameterizedTest
  @ValueSource(
      ints = {-1, Integer.MIN_VALUE, FrameDecoder.MAX_FRAME_BYTES + 1, Integer.MAX_VALUE})
  void impossibleLength_isRefused(int length) {
    ByteBuffer in =
        ByteBuffer.allocate(64).put(Network.encode(new byte[]{1, 2})).putInt(length).flip();

    assertThatThrownBy(() -> decoder.decode(in))
        .isInstanceOf(FrameException.class)
        .hasMessageContaining("a frame of " + length + " bytes");
    assertThat(frames).containsExactly(new byte[]{1, 2});
    assertThat(decoder.heldBytes()).isZero();
  }

  @Test
  void signOfLife_isNoFrame() throws FrameException {
    byte[] stream = Network.encode(new byte[0], new byte[]{1, 2}, new byte[0], new byte[]{3});
    for (byte b : stream) {
      decoder.decode(ByteBuffer.wrap(new byte[]{b}));
    }
    decoder.decode(ByteBuffer.wrap(stream));

    assertThat(frames)
        .containsExactly(new byte[]{1, 2}, new byte[]{3}, new byte[]{1, 2}, new byte[]{3});
    assertThat(decoder.isInFrame()).isFalse();
  }

  /** The same where the length comes byte by byte. */
  @Test
  void impossibleLength_isRefusedInPieces() throws FrameException {
    decoder.decode(ByteBuffer.wrap(new byte[]{-1, 2}));

    assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(new byte[]{3, 4})))
        .isInstanceOf(FrameException.class);
  }

  /** A header that promises much takes no more memory than what has come. */
  @Test
  void memory_followsWhatHasCome() throws FrameException {
    decoder.decode(ByteBuffer.allocate(4 + 100).putInt(0, FrameDecoder.MAX_FRAME_BYTES));

    assertThat(decoder.isInFrame()).isTrue();
    assertThat(decoder.heldBytes()).isLessThanOrEqualTo(8 << 10);
  }
}
