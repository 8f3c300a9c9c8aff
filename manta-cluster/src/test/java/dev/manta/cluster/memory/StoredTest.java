package dev.manta.cluster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StoredTest {
  private final Folders folders = new Folders();

  @Test
  void descriptor_isReadAsItWasWritten_inAnyByteOrder() {
    try (folders) {
      folders.store(Folders.limits(1, 0, 0));
      Stored stored = new Stored(7, 1L << 40, Long.MAX_VALUE, 123_456, true);
      ByteBuffer little = ByteBuffer.allocate(Stored.BYTES).order(ByteOrder.LITTLE_ENDIAN);

      stored.writeTo(little);

      assertThat(little.hasRemaining()).isFalse();
      assertThat(Stored.readFrom(ByteBuffer.wrap(little.array()))).isEqualTo(stored);
    }
  }

  @Test
  void descriptor_ofTheWrongGenerationOrLength_leadsNowhere() {
    try (folders) {
      SharedStore store = folders.store(Folders.limits(8, 8, 0));
      Stored good = SharedValues.putArray(store, new byte[200_000]);

      assertThatThrownBy(() -> store.map(changed(good, good.generation() + 1, good.length())))
          .isInstanceOf(LostStoredException.class);
      assertThatThrownBy(() -> store.map(changed(good, good.generation(), good.length() - 1)))
          .isInstanceOf(InvalidStoredException.class);
      assertThatThrownBy(() -> store.map(changed(good, good.generation(), 1L << 40)))
          .isInstanceOf(InvalidStoredException.class)
          .hasMessageContaining("beyond its file");
      assertThatThrownBy(() -> new Stored(1, 1, 1, Long.MAX_VALUE, false))
          .isInstanceOf(InvalidStoredException.class);
      assertThat(store.usage().mappings()).isZero();
    }
  }

  private static Stored changed(Stored stored, long generation, long length) {
    return new Stored(stored.owner(), stored.file(), generation, length, stored.spilled());
  }

  /** Any bytes are a typed error or, unchanged, the object. */
  @Test
  void hostileDescriptors_areTypedErrors() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (folders) {
      SharedStore store = folders.store(Folders.limits(8, 8, 0));
      Stored good = SharedValues.putArray(store, new byte[200_000]);
      for (int i = 0; i < 20_000; i++) {
        ByteBuffer bytes = ByteBuffer.allocate(random.nextInt(10) == 0
            ? random.nextInt(Stored.BYTES)
            : Stored.BYTES);
        if (random.nextBoolean() && bytes.capacity() == Stored.BYTES) {
          good.writeTo(bytes);
          for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
            int at = random.nextInt(Stored.BYTES);
            bytes.put(at, (byte) (bytes.get(at) ^ 1 << random.nextInt(8)));
          }
        } else {
          random.nextBytes(bytes.array());
        }
        try (Mapped mapped = store.map(Stored.readFrom(bytes.rewind()))) {
          assertThat(Stored.readFrom(bytes.rewind())).as("seed %d", seed).isEqualTo(good);
          assertThat(mapped.segment().byteSize()).isEqualTo(200_000);
        } catch (InvalidStoredException | LostStoredException expected) {
          // what a hostile descriptor is answered with; anything else fails the test
        } catch (RuntimeException | Error e) {
          throw new AssertionError("seed " + seed, e);
        }
      }
      assertThat(store.usage().mappings()).isZero();
    }
  }
}
