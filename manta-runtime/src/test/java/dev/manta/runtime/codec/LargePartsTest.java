package dev.manta.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.StorageFullException;
import dev.manta.engine.Block;
import dev.manta.engine.Boundary;
import dev.manta.engine.Encoded;
import dev.manta.engine.NotCopyableException;
import dev.manta.engine.Portable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Large arrays and memory inside other values: beside Kryo's bytes. */
class LargePartsTest {
  private final KryoCodec codec = new KryoCodec();
  private final Memory memory = new Memory();

  /** Stands for memory that processes share. */
  private static final class Memory implements Boundary {
    private final List<Kept> kept = new ArrayList<>();
    private int room = 100;

    @Override
    public boolean isHandle(Object object) {
      return false;
    }

    @Override
    public String refusal(Object object) {
      return null;
    }

    @Override
    public Object onDecode(Object handle) {
      return handle;
    }

    @Override
    public Block keep(MemorySegment bytes) {
      if (kept.size() == room) {
        throw new StorageFullException("it is full", null);
      }
      Kept block = new Kept(MemorySegment.ofArray(bytes.toArray(ValueLayout.JAVA_BYTE)));
      kept.add(block);
      return block;
    }
  }

  private static final class Kept implements Block {
    private final MemorySegment bytes;
    private boolean released;

    Kept(MemorySegment bytes) {
      this.bytes = bytes;
    }

    @Override
    public long size() {
      return bytes.byteSize();
    }

    @Override
    public <T> T read(Function<MemorySegment, T> reader) {
      return reader.apply(bytes);
    }

    @Override
    public MemorySegment view() {
      return bytes.asReadOnly();
    }

    @Override
    public void release() {
      released = true;
    }
  }

  record Matrix(String name, double[] values, double[] same, List<Object> more) {}

  static final class Node {
    Node next;
    long[] numbers;
    int[][] rows;
  }

  private static double[] doubles() {
    double[] values = new double[50_000];
    Arrays.setAll(values, i -> i / 3.0);
    return values;
  }

  /** There and back, as between two processes. */
  @SuppressWarnings("unchecked")
  private <T> T sent(T value) {
    Portable portable = codec.pack(codec.encode(value, memory));
    return (T) codec.decode(codec.unpack(portable), memory);
  }

  static Object[] arrays() {
    byte[] bytes = new byte[150_001];
    boolean[] flags = new boolean[150_000];
    Arrays.fill(flags, 7, 70_000, true);
    bytes[150_000] = 7;
    char[] chars = new char[60_000];
    Arrays.fill(chars, 'ä');
    return new Object[]{bytes, flags, chars, new short[60_000], new int[30_000], new float[30_000],
        new long[20_000], doubles()};
  }

  @ParameterizedTest
  @MethodSource("arrays")
  void largeArray_isKeptOnce_alsoInsideAnother(Object array) {
    assertThat(sent(array)).isEqualTo(array).isNotSameAs(array);
    assertThat(memory.kept).hasSize(1);

    assertThat(sent(new Object[]{"a", array})).isEqualTo(new Object[]{"a", array});
    assertThat(memory.kept).hasSize(2);
  }

  @Test
  void record_ofLargeArrays_keepsThemBesideAFewBytes_andTheirIdentity() {
    double[] values = doubles();
    Matrix matrix = new Matrix("m", values, values, new ArrayList<>(List.of(values, "x")));

    Encoded encoded = codec.encode(matrix, memory);
    Matrix copy = (Matrix) codec.decode(codec.unpack(codec.pack(encoded)), memory);

    assertThat(memory.kept).hasSize(1);
    assertThat(codec.pack(encoded).bytes().size()).isLessThan(200);
    assertThat(encoded.size()).isBetween(400_000L, 400_200L);
    assertThat(copy.values).containsExactly(values).isSameAs(copy.same).isSameAs(copy.more.get(0));
  }

  @Test
  void cycle_throughLargeArrays_staysOne() {
    Node node = new Node();
    node.next = new Node();
    node.next.next = node;
    node.numbers = new long[20_000];
    node.numbers[19_999] = 5;
    node.next.numbers = node.numbers;
    node.rows = new int[][]{new int[30_000], {1}, new int[30_000]};

    Node copy = sent(node);

    assertThat(copy.next.next).isSameAs(copy);
    assertThat(copy.next.numbers).isSameAs(copy.numbers);
    assertThat(copy.numbers[19_999]).isEqualTo(5);
    assertThat(copy.rows).isDeepEqualTo(node.rows);
    assertThat(memory.kept).hasSize(3);
  }

  @Test
  void manySmallArrays_areKeptTogether() {
    List<double[]> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(new double[1_000]);
      all.get(i)[7] = i;
    }

    List<double[]> copy = sent(all);

    assertThat(memory.kept).hasSize(1);
    assertThat(copy.get(42)).containsExactly(all.get(42));
  }

  @Test
  void whereNothingIsShared_eachCopyIsItsOwn() {
    double[] values = doubles();
    Encoded encoded = codec.encode(Map.of("k", values), Copying.NO_HANDLES);
    values[1] = -1;

    double[] first = (double[]) ((Map<?, ?>) codec.decode(encoded, Copying.NO_HANDLES)).get("k");
    first[2] = -2;
    double[] second = (double[]) ((Map<?, ?>) codec.decode(encoded, Copying.NO_HANDLES)).get("k");

    assertThat(second).containsExactly(doubles());
  }

  /** In one process too: what was written to the original later is not seen. */
  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(ints = {64, 200_000})
  void memory_isACopyThatCantBeWritten(int size) {
    for (Boundary boundary : List.of(memory, Copying.NO_HANDLES)) {
      byte[] bytes = new byte[size];
      bytes[8] = 1;
      Encoded segment = codec.encode(MemorySegment.ofArray(bytes), boundary);
      Encoded buffer = codec.encode(ByteBuffer.wrap(bytes).position(8), boundary);
      bytes[8] = 2;

      MemorySegment readSegment = (MemorySegment) codec.decode(segment, boundary);
      ByteBuffer readBuffer = (ByteBuffer) codec.decode(buffer, boundary);

      assertThat(readSegment.byteSize()).isEqualTo(size);
      assertThat(readSegment.isReadOnly()).isTrue();
      assertThat(readSegment.getAtIndex(ValueLayout.JAVA_LONG, 1) & 0xff).isEqualTo(1);
      assertThat(readBuffer.isReadOnly()).isTrue();
      assertThat(readBuffer.get()).isEqualTo((byte) 1);
    }
  }

  /** A few bytes can't have one block become many arrays. */
  @Test
  void blocksThatAreMissing_areAnError() {
    Portable good = codec.pack(codec.encode(new Object[]{doubles(), new long[20_000]}, memory));
    Portable bad =
        new Portable(
            good.form(), good.bytes(), good.blocks().subList(0, 1), List.of(), good.classes());

    assertThatThrownBy(() -> codec.decode(codec.unpack(bad), memory))
        .isInstanceOf(NotCopyableException.class)
        .hasMessageContaining("no more large arrays");
  }

  @Test
  void valueThatCantBeCopied_letsGoOfWhatWasKept() {
    Object[] bad = {doubles(), Thread.currentThread()};

    assertThatThrownBy(() -> codec.encode(bad, memory)).isInstanceOf(NotCopyableException.class);

    assertThat(memory.kept).hasSize(1).allMatch(k -> k.released);
  }

  @Test
  void noRoom_isAnErrorOfItsOwn_andLetsGoOfWhatWasKept() {
    memory.room = 1;
    Matrix matrix = new Matrix("m", doubles(), doubles(), List.of());

    for (Object value : List.of(matrix, new Object[]{matrix, 1})) {
      memory.kept.clear();
      assertThatThrownBy(() -> codec.encode(value, memory))
          .isInstanceOf(StorageFullException.class);
      assertThat(memory.kept).hasSize(1).allMatch(k -> k.released);
    }
  }

  @Test
  void release_releasesAllParts() {
    Encoded own = codec.encode(new Object[]{doubles(), new byte[200_000]}, memory);
    Encoded array = codec.encode(doubles(), memory);
    Encoded foreign = codec.unpack(codec.pack(codec.encode(doubles(), memory)));

    own.release();
    array.release();
    foreign.release();

    assertThat(memory.kept).hasSize(4).allMatch(k -> k.released);
  }
}
