package dev.manta.cluster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a put does as the limits are reached. CONTRACT 14: only the one who puts is concerned. */
class FullStoreTest {
  private static final int MB = 1_000_000;

  private final Folders folders = new Folders();

  @AfterEach
  void nothingIsLeft() {
    folders.close();
  }

  private static Stored put(SharedStore store, int bytes) {
    return store.put(Folders.filled(bytes, 5));
  }

  private static List<Stored> fill(SharedStore store, int count) {
    List<Stored> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(put(store, MB));
    }
    return all;
  }

  @Test
  void put_overTheLimit_trimsFreeSegmentsFirst() {
    SharedStore store = folders.store(Folders.limits(8, 8, 0));
    fill(store, 6).forEach(store::free);
    assertThat(store.usage().recycledBytes()).isGreaterThan(6 * MB);

    put(store, 7 * MB);

    assertThat(folders.pressures).isEmpty();
    assertThat(store.usage().recycledBytes() + store.usage().usedBytes()).isLessThan(8 << 20);
  }

  @Test
  void put_overTheLimit_asksHoldersToCollect_andTakesTheRoomTheyMake() {
    SharedStore store = folders.store(Folders.limits(8, 8, 8));
    List<Stored> all = fill(store, 7);
    folders.onPressure = () -> all.forEach(store::free);

    Stored stored = put(store, 2 * MB);

    assertThat(folders.pressures).hasSize(1);
    assertThat(stored.spilled()).isFalse();
  }

  @Test
  void put_nearTheLimit_asksHoldersToCollect_andDoesNotWait() {
    SharedStore store = folders.store(Folders.limits(16, 8, 0));
    fill(store, 14);
    assertThat(folders.pressures).isEmpty();

    fill(store, 2);

    assertThat(folders.pressures).hasSize(1);
  }

  @Test
  void put_waitsForRoomThatComesAfterItHasAsked() throws Exception {
    StoreLimits limits = Folders.limits(8, 8, 8);
    SharedStore store = folders.store(new StoreLimits(limits.memoryBytes(), 0,
        limits.recycledBytes(), limits.spillBytes(), 0, java.time.Duration.ofSeconds(30),
        limits.pressurePause()));
    List<Stored> all = fill(store, 7);
    Thread[] holder = new Thread[1];
    folders.onPressure = () -> holder[0] = Thread.ofVirtual().start(() -> all.forEach(store::free));

    Stored stored = put(store, 2 * MB);
    holder[0].join(10_000);

    assertThat(stored.spilled()).isFalse();
  }

  @Test
  void put_spills_whereHoldersDoNotHelp_andAsksThemOnceInAWhile() {
    SharedStore store = folders.store(Folders.limits(8, 8, 8));
    List<Stored> inMemory = fill(store, 8);

    List<Stored> onDisk = fill(store, 8);

    assertThat(inMemory).noneMatch(Stored::spilled);
    assertThat(onDisk).allMatch(Stored::spilled);
    assertThat(folders.pressures).hasSize(1);
    assertThat(Folders.files(folders.spill)).hasSize(8);
    assertThat(store.usage().spilledBytes()).isBetween(8L * MB, 8L << 20);
    assertThat(store.view(onDisk.getLast(), () -> {}).get(ValueLayout.JAVA_BYTE, MB - 1))
        .isEqualTo((byte) 5);
    assertThatThrownBy(() -> fill(store, 1)).isInstanceOf(StoreFullException.class)
        .hasMessageContainingAll("8388608 bytes in memory", "limit of spilled bytes",
            "raise the limits");
    for (Stored stored : onDisk.subList(0, 7)) {
      store.free(stored);
    }
    assertThat(Folders.files(folders.spill)).hasSize(1);
    assertThat(store.usage().spilledBytes()).isLessThan(2 * MB);
  }

  @Test
  void unlinkedBytes_countUntilTheyAreFreed() {
    SharedStore store = folders.store(Folders.limits(8, 8, 0));
    List<Stored> all = fill(store, 7);
    all.forEach(store::unlink);

    assertThatThrownBy(() -> put(store, 2 * MB)).isInstanceOf(StoreFullException.class)
        .hasMessageMatching(".*and 7[0-9]{6} released but still mapped.*");
    all.forEach(store::free);

    assertThat(put(store, 2 * MB).spilled()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void memoryFullByAnInjectedQuota_spills_andTakesItsOwnFreeSegmentsBefore(boolean honest) {
    SharedStore store = folders.store(1, Folders.limits(64, 64, 64),
        new Quota(folders.memory, 4 << 20, honest));
    List<Stored> first = fill(store, 3);
    store.free(first.getFirst());

    assertThat(put(store, 2 * MB).spilled()).as("in place of the free one").isFalse();
    assertThat(folders.pressures).isEmpty();
    assertThat(put(store, 2 * MB).spilled()).isTrue();
    assertThat(folders.pressures).hasSize(1);
    assertThat(Folders.files(folders.memory)).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void diskFullByAnInjectedQuota_isATypedError_andAllElseGoesOn(boolean honest) {
    Quota quota = new Quota(folders.spill, 2 << 20, honest);
    SharedStore store = folders.store(1, Folders.limits(4, 4, 64), quota);
    List<Stored> all = fill(store, 4);
    StoreUsage before = store.usage();

    assertThatThrownBy(() -> put(store, 3 * MB)).isInstanceOf(StoreFullException.class)
        .hasMessageContaining("disk is full");

    assertThat(store.usage()).isEqualTo(before);
    assertThat(Folders.files(folders.spill)).isEmpty();
    assertThat(store.view(all.getLast(), () -> {}).get(ValueLayout.JAVA_BYTE, MB - 1))
        .isEqualTo((byte) 5);
    quota.lifted.set(true);
    assertThat(put(store, 3 * MB).spilled()).isTrue();
  }

  @Test
  void unlinkedOnDisk_countsAsSpilledUntilItIsFreed() {
    SharedStore store = folders.store(Folders.limits(0, 0, 8));
    Stored stored = put(store, MB);
    store.unlink(stored);
    assertThat(Folders.files(folders.spill)).isEmpty();
    assertThat(store.usage().spilledBytes()).isGreaterThan(MB);

    store.free(stored);

    assertThat(store.usage().spilledBytes()).isZero();
    assertThat(store.usage().unlinkedBytes()).isZero();
  }

  /** What the JVM makes of a page that can't be had. */
  @Test
  void faultOfAMappedWrite_isATypedError() throws Exception {
    SharedStore store = folders.store(Folders.limits(8, 8, 8));
    store.free(put(store, MB));
    store.free(put(store, MB)); // which is mapped
    Path file = folders.memory.resolve(Folders.files(folders.memory).getFirst());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(4096);
    }

    assertThatThrownBy(() -> put(store, MB))
        .isInstanceOf(StoreFullException.class)
        .hasCauseInstanceOf(InternalError.class);

    assertThat(store.usage().usedBytes()).isZero();
    assertThat(Folders.files(folders.memory)).isEmpty();
  }

  @Test
  @SuppressWarnings("restricted") // nobody reads that
  void lengthBeyondAnyMachine_isFull() {
    SharedStore store = folders.store(Folders.limits(8, 8, 8));

    assertThatThrownBy(() -> store.put(MemorySegment.NULL.reinterpret(Long.MAX_VALUE)))
        .isInstanceOf(StoreFullException.class);
    assertThatThrownBy(() -> store.put(MemorySegment.NULL.reinterpret(1L << 45)))
        .isInstanceOf(StoreFullException.class);
    assertThat(folders.pressures).as("no collection makes room for it").isEmpty();
  }

  @Test
  void limitsThatAreFound_areLessThanTheMachineHas() {
    folders.store(Folders.limits(1, 1, 1));

    StoreLimits found = StoreLimits.found(folders.memory, folders.spill, 16L << 30);

    assertThat(found.memoryBytes()).isPositive().isLessThan(folders.memory.toFile().getFreeSpace());
    assertThat(found.recycledBytes()).isLessThan(found.memoryBytes());
    assertThat(found.spillBytes()).isPositive();
  }
}
