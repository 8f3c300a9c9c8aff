package dev.manta.cluster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A process may have some 65,000 mappings: more objects than that are stored and read. */
class ManyObjectsTest {
  private final Folders folders = new Folders();
  private final SharedStore store = folders.store(Folders.limits(256, 256, 0));

  @AfterEach
  void nothingIsLeft() {
    folders.close();
  }

  @Test
  void objectsBeyondThoseThatStayMapped_areStoredReadAndFreed() {
    List<Stored> all = new ArrayList<>();
    for (int i = 0; i < Ledger.MAX_KEPT + 100; i++) {
      all.add(SharedValues.putArray(store, new int[]{i}));
    }
    for (int i = 0; i < all.size(); i++) {
      assertThat(SharedValues.ints(store, all.get(i))).containsExactly(i);
    }

    all.forEach(store::free);

    assertThat(store.usage().usedBytes()).isZero();
    assertThat(Folders.files(folders.memory)).as("only what is mapped is recycled")
        .hasSize(Ledger.MAX_KEPT);
  }

  @Test
  void viewsThatNobodyReaches_areCollectedAsTheyBecomeTooMany() {
    Stored stored = SharedValues.putArray(store, new int[]{7});

    for (int i = 0; i < Mappings.MAX + 2_000; i++) {
      assertThat(store.view(stored, () -> {}).byteSize()).isEqualTo(4);
    }

    assertThat(store.usage().mappings()).isLessThanOrEqualTo(Mappings.MAX);
  }

  @Test
  void viewsThatAreHeld_areATypedErrorAsTheyBecomeTooMany() {
    Stored stored = SharedValues.putArray(store, new int[]{7});
    List<MemorySegment> held = new ArrayList<>();
    for (int i = 0; i < Mappings.MAX; i++) {
      held.add(store.view(stored, () -> {}));
    }

    assertThatThrownBy(() -> store.view(stored, () -> {})).isInstanceOf(StoreFullException.class)
        .hasMessageContaining("Let go of some");

    assertThat(held.getLast().byteSize()).isEqualTo(4);
    held.clear();
    assertThat(store.view(stored, () -> {}).byteSize()).isEqualTo(4);
  }
}
