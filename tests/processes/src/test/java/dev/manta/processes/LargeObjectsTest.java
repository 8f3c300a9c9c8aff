package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.processes.support.Driver;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.WithWorkers;
import dev.manta.processes.support.Workers;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values in shared memory: what is a view of it, how long it lives, and that memory is used again. */
class LargeObjectsTest {
  private static final int MIB = 1 << 20;
  private static final Path SHARED = Workers.memory();

  private final Manta manta =
      WithWorkers.awaitAll(
          Manta.start(LocalOptions.local().cpus(1).processes(1).jvmOptions("-Xmx256m")));

  @AfterEach
  void close() {
    WithWorkers.checkAllGivenBack(manta);
    manta.close();
    WithWorkers.checkNothingLeft();
  }

  /** Reads what it gets, and may keep it. */
  static final class Reader {
    private final List<MemorySegment> kept = new ArrayList<>();

    String look(MemorySegment m) {
      return m.byteSize() + " " + m.isNative() + " " + m.isReadOnly() + " " + sum(m);
    }

    String look(ByteBuffer b) {
      return b.position() + " " + b.limit() + " " + b.isDirect() + " " + b.isReadOnly() + " "
          + b.order() + " " + b.get();
    }

    void keep(MemorySegment m) {
      kept.add(m.asSlice(8));
    }

    long sumOfKept() {
      return kept.stream().mapToLong(LargeObjectsTest::sum).sum();
    }

    int hash(byte[] bytes) {
      return Arrays.hashCode(bytes);
    }

    byte[] give(int size) {
      byte[] bytes = new byte[size];
      Arrays.fill(bytes, (byte) 3);
      return bytes;
    }

    MemorySegment memory(int size) {
      return MemorySegment.ofArray(give(size));
    }

    Matrix twice(Matrix m) {
      boolean isSame = m.same == m.values && m.more.getFirst() == m.values && m.more.get(1) == m;
      for (int i = 0; i < m.values.length; i++) {
        m.values[i] *= 2;
      }
      m.name = m.name + isSame;
      return m;
    }
  }

  /** Holds an array three times, and itself. */
  static final class Matrix implements Serializable {
    private static final long serialVersionUID = 1L;
    String name = "m";
    double[] values = new double[100_000];
    double[] same = values;
    List<Object> more = new ArrayList<>(List.of(values, this));
  }

  private static long sum(MemorySegment m) {
    long sum = 0;
    for (long i = 0; i < m.byteSize(); i++) {
      sum += m.get(ValueLayout.JAVA_BYTE, i);
    }
    return sum;
  }

  private static MemorySegment memory(int size, int content) {
    return MemorySegment.ofArray(new byte[size]).fill((byte) content);
  }

  /** The sizes of the files that this process and its worker have in shared memory. */
  private static List<Long> files() {
    List<Long> sizes = new ArrayList<>();
    for (Path run : Workers.files(SHARED, ProcessHandle.current().pid())) {
      try (Stream<Path> files = Files.list(run)) {
        files.filter(f -> f.getFileName().toString().startsWith("m"))
            .forEach(f -> sizes.add(size(f)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return sizes;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** CONTRACT 9. */
  @Test
  void memory_isAViewElsewhere_ofWhatItWasWhenItWasPut() {
    ActorRef<Reader> reader = manta.actor(Reader::new);
    MemorySegment original = memory(2 * MIB, 1);
    ObjectRef<MemorySegment> put = manta.put(original);
    original.fill((byte) 9);

    String seen = Ends.value(reader.call(r -> r.look(put.get())));
    assertThat(seen).isEqualTo(2 * MIB + " true true " + 2 * MIB);
    assertThat(put.get().isMapped()).as("here too").isTrue();
    assertThat(sum(put.get())).isEqualTo(2 * MIB);
    MemorySegment result = Ends.value(reader.call(r -> r.memory(MIB)));
    assertThat(result.isMapped()).isTrue();
    assertThat(sum(result)).isEqualTo(3L * MIB);
  }

  @Test
  void buffer_isAViewElsewhere() {
    ActorRef<Reader> reader = manta.actor(Reader::new);
    ByteBuffer buffer =
        ByteBuffer.allocate(MIB)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(70, (byte) 7)
            .position(70)
            .limit(500_000);
    ObjectRef<ByteBuffer> put = manta.put(buffer);

    String seen = Ends.value(reader.call(r -> r.look(put.get())));
    assertThat(seen).isEqualTo("70 500000 true true LITTLE_ENDIAN 7");
    assertThat(buffer.position()).isEqualTo(70);
  }

  /** CONTRACT 9: what has come is not lost with who made it. */
  @Test
  void valueOfAKilledWorker_staysWhereItWasReceived_andElseItsMemoryGoes() {
    ActorRef<Reader> reader = manta.actor(Reader::new);
    MemorySegment received = Ends.value(reader.call(r -> r.memory(MIB)));
    long worker = Ends.value(reader.call(r -> ProcessHandle.current().pid()));
    assertThat(files()).hasSize(1);

    ProcessHandle.of(worker).orElseThrow().destroyForcibly();

    Limits.until("the memory of the killed worker has gone", () -> files().isEmpty());
    assertThat(sum(received)).isEqualTo(3L * MIB);
  }

  /** What can be reached is never used for another value. */
  @Test
  void viewThatIsKept_staysAsItWas_whateverIsReleasedAndPut() {
    ActorRef<Reader> reader = manta.actor(Reader::new);
    ObjectRef<MemorySegment> put = manta.put(memory(20 * MIB, 1));
    MemorySegment own = put.get().asSlice(8);
    MemorySegment argument = memory(20 * MIB, 1);
    Ends.value(reader.run(r -> r.keep(put.get())));
    Ends.value(reader.run(r -> r.keep(argument)));
    put.release();

    for (int i = 0; i < 20; i++) {
      ObjectRef<MemorySegment> other = manta.put(memory(20 * MIB, 2));
      Ends.value(reader.call(r -> r.look(other.get())));
      other.release();
      System.gc();
    }

    assertThat(Ends.value(reader.call(Reader::sumOfKept))).isEqualTo(2 * (20L * MIB - 8));
    assertThat(sum(own)).isEqualTo(20L * MIB - 8);
  }

  @Test
  void arraysInOtherValues_arriveWhole_andStayTheSame() {
    ActorRef<Reader> reader = manta.actor(Reader::new);
    Matrix matrix = new Matrix();
    Arrays.setAll(matrix.values, i -> i);

    Matrix twice = Ends.value(reader.call(r -> r.twice(matrix)));

    assertThat(twice.name).isEqualTo("mtrue");
    assertThat(twice.values).isSameAs(twice.same).isSameAs(twice.more.getFirst());
    assertThat(twice.more.get(1)).isSameAs(twice);
    assertThat(twice.values[99_999]).isEqualTo(199_998);
    assertThat(matrix.values[99_999]).as("a copy").isEqualTo(99_999);
  }

  /** Without a collection anywhere: each has gone before the next comes. */
  @Test
  void arguments_thatWereRead_andResults_thatWereReleased_giveTheirMemoryToTheNext() {
    ActorRef<Reader> reader = manta.actor(Reader::new);
    byte[] bytes = new byte[8 * MIB];

    for (int i = 0; i < 30; i++) {
      Ends.value(reader.call(r -> r.hash(bytes)));
      ObjectRef<byte[]> result = reader.call(r -> r.give(8 * MIB));
      assertThat(Ends.value(result)).hasSize(8 * MIB);
      result.release();
    }

    assertThat(files()).hasSizeLessThanOrEqualTo(6);
  }

  /** The worker has nothing to collect but views, so its collector would not run by itself. */
  @Test
  void viewsThatNobodyCanReach_areLookedFor_whenTheirMemoryIsWanted() {
    ActorRef<Reader> reader = manta.actor(Reader::new);
    MemorySegment memory = memory(16 * MIB, 1);
    long most = 0;

    for (int i = 0; i < 120; i++) {
      ObjectRef<MemorySegment> put = manta.put(memory);
      Ends.value(reader.call(r -> r.look(put.get())));
      put.release();
      most = Math.max(most, files().stream().mapToLong(Long::longValue).sum());
    }

    assertThat(most).as("of 1,920 MiB that were put").isLessThan(1_000L * MIB);
  }

  /** As programs have that a build tool starts, or that run without a session of the desktop. */
  @Test
  void programWithItsFilesElsewhere_leavesTheValuesOfThisOne(@TempDir Path elsewhere) {
    ObjectRef<byte[]> put = manta.put(new byte[8 * MIB]);
    Ends.value(manta.submit(() -> put.get().length)); // so that it is there
    List<Long> before = files();
    assertThat(before).isNotEmpty();

    try (Driver other = Driver.start(1, elsewhere)) {
      other.finish();
    }

    assertThat(files()).isEqualTo(before);
  }
}
