package dev.manta.cluster.memory;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedStoreTest {
  private final Folders folders = new Folders();
  private final SharedStore store = folders.store(Folders.limits(64, 16, 0));

  @AfterEach
  void nothingIsLeft() {
    folders.close();
  }

  private Stored put(int bytes, int content) {
    return store.put(Folders.filled(bytes, content));
  }

  private static Object inode(Folders folders) throws Exception {
    return Files.getAttribute(folders.memory.resolve(Folders.files(folders.memory).getFirst()),
        "unix:ino");
  }

  @Test
  void mapping_cantBeWritten_andEndsAsItIsClosed() throws Exception {
    Stored stored = put(200_000, 7);
    Mapped mapped = store.map(stored);
    MemorySegment segment = mapped.segment();
    assertThat(segment.byteSize()).isEqualTo(200_000);
    assertThat(segment.address() % 64).as("any number has an aligned place").isZero();
    assertThat(segment.get(ValueLayout.JAVA_BYTE, 199_999)).isEqualTo((byte) 7);
    assertThatThrownBy(() -> segment.set(ValueLayout.JAVA_BYTE, 0, (byte) 1))
        .isInstanceOf(IllegalArgumentException.class);

    mapped.close();
    mapped.close();

    assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
    assertThat(folders.unmapped.poll(10, SECONDS)).isEqualTo(stored);
    assertThat(folders.unmapped).isEmpty();
    assertThat(store.usage().mappings()).isZero();
  }

  @Test
  void unmapped_isToldAfterTheLastOfSeveralMappings() {
    Stored stored = put(200_000, 7);
    Mapped first = store.map(stored);
    Mapped second = store.map(stored);

    first.close();
    assertThat(folders.unmapped).isEmpty();
    second.close();

    assertThat(folders.unmapped).containsExactly(stored);
    assertThat(store.free(stored)).isTrue();
    assertThat(store.free(stored)).as("the second time").isFalse();
    assertThat(store.usage().recycledBytes()).isPositive();
    assertThatThrownBy(() -> store.map(stored)).isInstanceOf(LostStoredException.class);
  }

  /** As when an actor has come to the process of its caller: the view ends with the collector. */
  @Test
  void objectThatIsReadNoMore_canBeFreed_howeverLongItStaysMapped() throws Exception {
    Stored stored = put(200_000, 7);
    MemorySegment view = store.view(stored, () -> {});

    assertThat(store.free(stored)).isTrue();

    assertThat(store.usage().recycledBytes()).isPositive();
    assertThat(put(200_000, 8)).isNotEqualTo(stored);
    assertThat(Folders.files(folders.memory)).hasSize(1);
    Reference.reachabilityFence(view);
  }

  @Test
  void recycledSegment_isTheSameFile_andShowsNothingOfThePastBeyondTheLength() throws Exception {
    Stored old = put(1_000_000, 7);
    Object inode = inode(folders);
    store.free(old);
    long recycled = store.usage().recycledBytes();

    Stored young = put(900_000, 8);

    assertThat(inode(folders)).isEqualTo(inode);
    assertThat(Folders.files(folders.memory)).hasSize(1);
    assertThat(recycled).isPositive().isEqualTo(store.usage().usedBytes());
    assertThat(store.usage().recycledBytes()).isZero();
    MemorySegment view = store.view(young, () -> {});
    assertThat(view.byteSize()).isEqualTo(900_000);
    assertThat(view.asByteBuffer().capacity()).isEqualTo(900_000);
    assertThatThrownBy(() -> view.get(ValueLayout.JAVA_BYTE, 900_000))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> store.map(old)).isInstanceOf(LostStoredException.class);
  }

  /** Whoever reads it is taken for lost, and may live. */
  @Test
  void abandonedObject_staysAsItIsForItsReaders_andLeavesNoFile() {
    Stored old = put(1_000_000, 7);
    MemorySegment view = store.view(old, () -> {});

    assertThat(store.abandon(old)).isTrue();

    assertThat(Folders.files(folders.memory)).isEmpty();
    assertThat(store.usage().usedBytes() + store.usage().recycledBytes()).isZero();
    put(1_000_000, 8);
    assertThat(view.get(ValueLayout.JAVA_BYTE, 999_999)).isEqualTo((byte) 7);
    assertThat(store.abandon(old)).isFalse();
    assertThat(store.free(old)).isFalse();
  }

  @Test
  void freeSegments_areBounded_andTrimmed() {
    Stored[] stored = new Stored[24];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = put(1_000_000, i);
    }
    for (Stored s : stored) {
      store.free(s);
    }
    assertThat(store.usage().recycledBytes()).isBetween(15_000_000L, 16L << 20);
    assertThat(store.usage().usedBytes()).isZero();

    assertThat(store.trim()).isPositive();

    assertThat(store.usage().recycledBytes()).isZero();
    assertThat(Folders.files(folders.memory)).isEmpty();
  }

  @Test
  void unlinkedObject_staysReadableAndCounted_untilItIsFreed() {
    Stored stored = put(200_000, 7);
    try (Mapped mapped = store.map(stored)) {
      assertThat(store.unlink(stored)).isTrue();

      assertThat(store.unlink(stored)).as("the second time").isFalse();
      assertThat(Folders.files(folders.memory)).isEmpty();
      assertThat(store.usage().unlinkedBytes()).isGreaterThan(200_000);
      assertThat(store.usage().usedBytes()).isZero();
      assertThat(mapped.segment().get(ValueLayout.JAVA_BYTE, 199_999)).isEqualTo((byte) 7);
      assertThatThrownBy(() -> store.map(stored)).isInstanceOf(LostStoredException.class);
    }
    assertThat(store.free(stored)).isTrue();
    assertThat(store.usage().unlinkedBytes()).isZero();
  }

  @Test
  void viewThatIsDropped_goesWithItsLastBuffer() throws Exception {
    Stored stored = put(200_000, 7);
    ByteBuffer buffer = store.view(stored, () -> {}).asSlice(100_000).asByteBuffer().slice(5, 10);
    try {
      for (int i = 0; i < 5; i++) {
        System.gc();
        assertThat(folders.unmapped.poll(50, TimeUnit.MILLISECONDS)).isNull();
      }
      assertThat(buffer.get(0)).isEqualTo((byte) 7);
    } finally {
      Reference.reachabilityFence(buffer);
    }
    buffer = null;

    awaitUnmapped(stored);
  }

  @Test
  void mappingThatIsDropped_goes() throws Exception {
    Stored stored = put(200_000, 7);
    assertThat(store.map(stored).segment().byteSize()).isEqualTo(200_000);

    awaitUnmapped(stored);
  }

  /** Collects for at most 20 s. */
  private void awaitUnmapped(Stored stored) throws InterruptedException {
    Stored gone = null;
    for (int i = 0; i < 200 && gone == null; i++) {
      System.gc();
      gone = folders.unmapped.poll(100, TimeUnit.MILLISECONDS);
    }
    assertThat(gone).isEqualTo(stored);
    assertThat(store.usage().mappings()).isZero();
  }

  @Test
  void objectThatCantBeRead_leavesNothing() {
    MemorySegment closed;
    try (Arena arena = Arena.ofConfined()) {
      closed = arena.allocate(200_000);
    }
    assertThatThrownBy(() -> store.put(closed)).isInstanceOf(IllegalStateException.class);
    assertThat(store.usage().usedBytes()).isZero();
    assertThat(Folders.files(folders.memory)).isEmpty();

    store.free(put(200_000, 7)); // also where it would have been recycled
    assertThatThrownBy(() -> store.put(closed)).isInstanceOf(IllegalStateException.class);

    assertThat(store.usage().usedBytes()).isZero();
    assertThat(Folders.files(folders.memory)).isEmpty();
  }

  /** Lengths around the chunks in which a new file is written. */
  @Test
  void newAndRecycledFiles_haveTheObject_andNothingElse() {
    for (int length : new int[]{1, 4_032, 4_033, 262_079, 262_080, 262_144, 262_145, 1_000_003}) {
      byte[] object = new byte[length];
      new Random(length).nextBytes(object);
      for (int i = 0; i < 3; i++) { // new, recycled and mapped for that, recycled again
        Stored stored = SharedValues.putArray(store, object);
        assertThat(SharedValues.bytes(store, stored)).as("%d bytes", length).isEqualTo(object);
        object[length / 2]++;
        store.free(stored);
      }
    }
  }

  /** An interrupt closes a channel; a call that is cancelled still stores its result. */
  @Test
  void interruptedThread_putsAndReads_andStaysInterrupted() {
    Thread.currentThread().interrupt();

    Stored stored = put(200_000, 7);
    byte[] read = SharedValues.bytes(store, stored);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(read).hasSize(200_000).containsOnly(7);
  }

  @Test
  void newStore_removesWhatAnEarlierProcessOfItsNumberLeft() throws Exception {
    Stored others = put(200_000, 7);
    Files.createFile(folders.memory.resolve("m2-1"));
    Files.createFile(folders.spill.resolve("m2-9"));
    Files.createFile(folders.memory.resolve("another"));

    folders.store(2, Folders.limits(1, 1, 1), Disk.REAL);

    assertThat(Folders.files(folders.memory)).containsExactly("another", "m1-" + others.file());
    assertThat(Folders.files(folders.spill)).isEmpty();
    Files.delete(folders.memory.resolve("another"));
  }

  @Test
  void closedStore_takesNothing() {
    Stored stored = put(200_000, 7);
    MemorySegment view = store.view(stored, () -> {});

    store.close();

    assertThat(view.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
    assertThatThrownBy(() -> put(1, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> store.map(stored)).isInstanceOf(IllegalStateException.class);
  }
}
