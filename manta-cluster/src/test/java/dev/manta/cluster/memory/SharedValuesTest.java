package dev.manta.cluster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SharedValuesTest {
  private final Folders folders = new Folders();
  private final SharedStore store = folders.store(Folders.limits(64, 16, 0));

  @AfterEach
  void nothingIsLeft() {
    folders.close();
  }

  static Object[] arrays() {
    return new Object[]{new byte[]{1, -1}, new short[]{1, -1, 300}, new char[]{'a', 'ä', '€'},
        new int[]{1, -1, Integer.MAX_VALUE}, new long[]{Long.MIN_VALUE, 2},
        new float[]{1.5f, Float.NaN}, new double[]{Math.PI, -0.0}, new double[100_000],
        new boolean[]{true, false, true}, new int[0]};
  }

  @ParameterizedTest
  @MethodSource("arrays")
  void array_isReadAsItWasPut(Object array) {
    Stored stored = SharedValues.putArray(store, array);

    Object read = SharedValues.array(store, stored, array.getClass());

    assertThat(read).isEqualTo(array).isNotSameAs(array);
    assertThat(store.usage().mappings()).as("it is a copy").isZero();
  }

  @Test
  void array_ofAnotherShape_isRefused() {
    Stored stored = SharedValues.putArray(store, new byte[7]);

    assertThatThrownBy(() -> SharedValues.array(store, stored, long[].class))
        .isInstanceOf(InvalidStoredException.class);
    assertThatThrownBy(() -> SharedValues.array(store, stored, String[].class))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SharedValues.putArray(store, "text"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(store.usage().mappings()).isZero();
  }

  @Test
  void buffer_isReadWithoutACopy_andTheOneThatWasPutStaysAsItIs() {
    ByteBuffer heap = ByteBuffer.allocate(200_000).position(10).limit(150_010);
    heap.put(10, (byte) 9);
    ByteBuffer direct = ByteBuffer.allocateDirect(200_000).put(0, (byte) 8);

    ByteBuffer read = SharedValues.buffer(store, SharedValues.put(store, heap));
    ByteBuffer second = SharedValues.buffer(store, SharedValues.put(store, direct));

    assertThat(heap.position()).isEqualTo(10);
    assertThat(read.remaining()).isEqualTo(150_000);
    assertThat(read.get(0)).isEqualTo((byte) 9);
    assertThat(read.isReadOnly()).isTrue();
    assertThat(read.isDirect()).isTrue();
    assertThat(read.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    assertThat(second.get(0)).isEqualTo((byte) 8);
  }

  @Test
  void segment_isPutFromAnyMemory_andReadWithoutACopy() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment nativeMemory = arena.allocate(160_000, 8).fill((byte) 1);
      nativeMemory.setAtIndex(ValueLayout.JAVA_DOUBLE, 19_999, 0.5);

      MemorySegment read = store.view(SharedValues.put(store, nativeMemory));

      assertThat(read.mismatch(nativeMemory)).isEqualTo(-1);
      assertThat(read.getAtIndex(ValueLayout.JAVA_DOUBLE, 19_999)).isEqualTo(0.5);
      assertThat(read.address() % 64).isZero();
      assertThat(read.isReadOnly()).isTrue();
    }
  }
}
