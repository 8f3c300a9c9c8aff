package dev.manta.cluster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

/** The folders of a test, the stores in them and what these told. */
final class Folders implements AutoCloseable {
  static final long MIB = 1 << 20;

  final Path root;
  final Path memory;
  final Path spill;
  final BlockingQueue<Stored> unmapped = new LinkedBlockingQueue<>();
  final BlockingQueue<Long> pressures = new LinkedBlockingQueue<>();

  /** What holders do when they are asked to collect. */
  volatile Runnable onPressure = () -> {};

  private final List<SharedStore> stores = new ArrayList<>();

  final StoreListener listener = new StoreListener() {
    @Override
    public void pressure(long bytes) {
      pressures.add(bytes);
      onPressure.run();
    }

    @Override
    public void unmapped(Stored stored) {
      unmapped.add(stored);
    }
  };

  Folders() {
    try {
      Path shm = Path.of("/dev/shm");
      root = Files.isWritable(shm) ? Files.createTempDirectory(shm, "manta-test")
          : Files.createTempDirectory("manta-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    memory = root.resolve("memory");
    spill = root.resolve("spill");
  }

  /** Of memory, of free segments and of disk, in MiB; it keeps nothing free and asks for 50 ms. */
  static StoreLimits limits(long memory, long recycled, long spilled) {
    return new StoreLimits(memory * MIB, 0, recycled * MIB, spilled * MIB, 0,
        Duration.ofMillis(50), Duration.ofMinutes(10));
  }

  SharedStore store(StoreLimits limits) {
    return store(1, limits, Disk.REAL);
  }

  SharedStore store(int process, StoreLimits limits, Disk disk) {
    SharedStore store = SharedStore.open(memory, spill, process, limits, listener, disk);
    stores.add(store);
    return store;
  }

  static List<String> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes the stores, which must leave nothing. */
  @Override
  public void close() {
    try {
      stores.forEach(SharedStore::close);
      for (SharedStore store : stores) {
        StoreUsage usage = store.usage();
        assertThat(usage.usedBytes() + usage.recycledBytes()).isZero();
      }
      assertThat(files(memory)).isEmpty();
      assertThat(files(spill)).isEmpty();
    } finally {
      delete();
    }
  }

  private void delete() {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An object of so many equal bytes. */
  static MemorySegment filled(int bytes, int content) {
    byte[] object = new byte[bytes];
    Arrays.fill(object, (byte) content);
    return MemorySegment.ofArray(object);
  }
}
