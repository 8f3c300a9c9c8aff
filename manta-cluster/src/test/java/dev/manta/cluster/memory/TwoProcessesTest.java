package dev.manta.cluster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TwoProcessesTest {
  private final Folders folders = new Folders();

  private ChildJvm child(int number) throws Exception {
    ChildJvm child = new ChildJvm(List.of(), StoringProcess.class, folders.memory.toString(),
        folders.spill.toString(), Integer.toString(number));
    assertThat(child.line()).as("no warning of the JVM").isEqualTo("ready");
    return child;
  }

  @Test
  void object_isReadByAnotherProcess_bothWays() throws Exception {
    try (folders; ChildJvm child = child(2)) {
      SharedStore store = folders.store(Folders.limits(64, 16, 64));
      double[] values = new double[100_000];
      java.util.Arrays.fill(values, 2.5);

      child.send("sum " + StoringProcess.text(SharedValues.putArray(store, values)));
      assertThat(child.line()).isEqualTo("250000.0");

      child.send("put 1000");
      Stored theirs = StoringProcess.stored(child.line());
      assertThat(theirs.owner()).isEqualTo(2);
      assertThat(StoringProcess.sum(store.view(theirs, () -> {}))).isEqualTo(499_500);
      assertThat(store.free(theirs)).as("only its owner frees it").isFalse();

      child.send("end");
      child.assertEnded();
      assertThatThrownBy(() -> store.map(theirs)).isInstanceOf(LostStoredException.class);
    }
  }

  /** CONTRACT 9 rests on it: what a reader has mapped outlives the one who put it. */
  @Test
  void killedProcess_leavesFilesThatAreSwept_andMappingsThatStay() throws Exception {
    try (folders; ChildJvm child = child(2); ChildJvm spared = child(3)) {
      SharedStore store = folders.store(Folders.limits(64, 16, 64));
      spared.send("put 1000");
      Stored theirs = StoringProcess.stored(spared.line());
      child.send("put 1000");
      Stored orphan = StoringProcess.stored(child.line());
      child.send("put 3000000"); // more than it may have in memory
      Stored spilledOrphan = StoringProcess.stored(child.line());

      try (Mapped mapped = store.map(orphan)) {
        child.kill();
        assertThat(store.view(spilledOrphan, () -> {}).byteSize()).isEqualTo(24_000_000);
        int swept = SharedStore.sweep(folders.memory, p -> p != 2)
            + SharedStore.sweep(folders.spill, p -> p != 2);

        assertThat(swept).isEqualTo(2);
        assertThat(Folders.files(folders.spill)).isEmpty();
        assertThat(StoringProcess.sum(mapped.segment())).isEqualTo(499_500);
      }
      assertThatThrownBy(() -> store.map(orphan)).isInstanceOf(LostStoredException.class);
      assertThat(StoringProcess.sum(store.view(theirs, () -> {}))).isEqualTo(499_500);
      spared.send("end");
      spared.assertEnded();
    }
  }
}
