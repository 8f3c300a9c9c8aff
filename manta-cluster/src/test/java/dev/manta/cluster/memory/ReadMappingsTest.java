package dev.manta.cluster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Files that stay mapped for the next object in them. Run with native access, as workers are. */
class ReadMappingsTest {
  private static final int BYTES = 300_000;

  private final Folders folders = new Folders();
  private final SharedStore writer = folders.store(Folders.limits(64, 64, 0));
  private final ArrayDeque<Runnable> later = new ArrayDeque<>();
  private final ReadMappings mappings = new ReadMappings(later::add);

  /** What the views that have ended had. */
  private final AtomicInteger ended = new AtomicInteger();

  @AfterEach
  void nothingIsLeft() {
    folders.close();
  }

  private Stored put(int content) {
    return writer.put(Folders.filled(BYTES, content));
  }

  private Path path(Stored stored) {
    return folders.memory.resolve(SegmentFiles.name(stored.owner(), stored.file()));
  }

  private MemorySegment view(Stored stored) throws Exception {
    return mappings.view(path(stored), stored, (segment, mapping) -> SharedStore.CLEANER
        .register(segment.scope(), () -> {
          mappings.leave(mapping);
          ended.incrementAndGet();
        }));
  }

  /** The address and the content of a view that nobody holds afterwards. */
  private long look(Stored stored, int content) throws Exception {
    MemorySegment view = view(stored);
    assertThat(view.byteSize()).isEqualTo(BYTES);
    assertThat(view.get(ValueLayout.JAVA_BYTE, BYTES - 1)).isEqualTo((byte) content);
    return view.address();
  }

  private void awaitEnded(int count) throws InterruptedException {
    for (int i = 0; i < 1_000 && ended.get() < count; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(ended).hasValue(count);
  }

  @Test
  void access_isAllowed() {
    assertThat(ReadMappings.areAllowed()).isTrue();
  }

  @Test
  void nextObjectInTheSameFile_hasTheSameMapping_andItsOwnContent() throws Exception {
    Stored first = put(1);
    long address = look(first, 1);
    awaitEnded(1);
    writer.free(first);
    Stored second = put(2);
    assertThat(path(second)).as("the memory is used again").isEqualTo(path(first));

    assertThat(look(second, 2)).isEqualTo(address);
    assertThat(mappings.size()).isEqualTo(1);
    assertThatThrownBy(() -> view(first)).isInstanceOf(LostStoredException.class);
  }

  @Test
  void viewsOfOneObject_endEachByItself_andPartsKeepTheirs() throws Exception {
    Stored stored = put(3);
    List<Object> held = new ArrayList<>();
    held.add(view(stored).asSlice(10, 20));
    ByteBuffer buffer = view(stored).asByteBuffer().slice(5, 10);
    look(stored, 3);

    awaitEnded(1);
    mappings.endIdle();
    assertThat(mappings.size()).as("two views are held").isEqualTo(1);
    assertThat(buffer.get(0)).isEqualTo((byte) 3);
    assertThat(((MemorySegment) held.getFirst()).get(ValueLayout.JAVA_BYTE, 0))
        .isEqualTo((byte) 3);

    held.clear();
    awaitEnded(2);
    assertThat(buffer.get(9)).isEqualTo((byte) 3);
    mappings.endIdle();
    assertThat(mappings.size()).isEqualTo(1);
  }

  @Test
  void view_cannotBeWritten() throws Exception {
    MemorySegment view = view(put(4));

    assertThat(view.isReadOnly()).isTrue();
    assertThatThrownBy(() -> view.set(ValueLayout.JAVA_BYTE, 0, (byte) 5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(view.asByteBuffer().isReadOnly()).isTrue();
  }

  @Test
  void mappingWithoutViews_endsAfterItsTime_notBefore() throws Exception {
    Stored stored = put(6);
    look(stored, 6);
    awaitEnded(1);
    assertThat(later).hasSize(1);

    later.remove().run();
    assertThat(mappings.size()).as("it may have been left a moment ago").isEqualTo(1);
    look(stored, 6);
    awaitEnded(2);
    later.remove().run();
    assertThat(mappings.size()).as("it was used meanwhile").isEqualTo(1);
    later.remove().run();

    assertThat(mappings.size()).isZero();
    assertThat(later).as("no timer without mappings").isEmpty();
  }

  @Test
  void mappingsWithoutViews_areLimited() throws Exception {
    List<Stored> all = new ArrayList<>();
    SharedStore many = folders.store(7, Folders.limits(256, 256, 0), Disk.REAL);
    for (int i = 0; i < ReadMappings.MOST_IDLE + 10; i++) {
      all.add(many.put(Folders.filled(4, 0)));
      view(all.getLast());
    }
    awaitEnded(all.size());

    assertThat(mappings.size()).isEqualTo(ReadMappings.MOST_IDLE);
  }

  @Test
  void unlinkedObject_isNotFoundInAMappingThatIsStillThere() throws Exception {
    Stored stored = put(8);
    look(stored, 8);
    awaitEnded(1);

    writer.unlink(stored);

    assertThatThrownBy(() -> view(stored)).isInstanceOf(LostStoredException.class);
  }
}
