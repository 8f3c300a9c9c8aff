package dev.manta.cluster;

import dev.manta.StorageFullException;
import dev.manta.cluster.memory.SharedStore;
import dev.manta.cluster.memory.StoreFullException;
import dev.manta.cluster.memory.StoreLimits;
import dev.manta.cluster.memory.StoreListener;
import dev.manta.cluster.memory.Stored;
import dev.manta.engine.SharedMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The store of large objects of one process; opened when the first one is put or read. */
final class SharedObjects implements SharedMemory, AutoCloseable {
  private static final int DRIVER = 0;

  private final StoreListener listener =
      new StoreListener() {
        @Override
        public void pressure(long bytes) {
          askOthers.run();
          endIdleMappings();
          collector.collect();
        }

        @Override
        public void unmapped(Stored stored) {}
      };

  private final SharedFolders folders;
  private final int process;
  private final Collector collector = new Collector(Duration.ofMillis(100));
  private volatile Runnable askOthers = () -> {};
  private @Nullable SharedStore store;

  SharedObjects(SharedFolders folders, int process) {
    this.folders = folders;
    this.process = process;
  }

  private synchronized SharedStore store() {
    SharedStore s = store;
    if (s == null) {
      Path memory = folders.memory();
      Path spill = folders.spill();
      try {
        Files.createDirectories(memory);
        Files.createDirectories(spill);
      } catch (IOException e) {
        throw new UncheckedIOException("no folder for large objects", e);
      }
      s = SharedStore.open(memory, spill, process,
          StoreLimits.found(memory, spill, MachineMemory.bytes()), listener);
      store = s;
    }
    return s;
  }

  @Override
  public byte[] put(MemorySegment bytes) {
    Stored stored;
    try {
      stored = store().put(bytes);
    } catch (StoreFullException e) {
      throw new StorageFullException(String.valueOf(e.getMessage()), e);
    }
    byte[] token = new byte[Stored.BYTES];
    stored.writeTo(ByteBuffer.wrap(token));
    return token;
  }

  @Override
  public MemorySegment view(byte[] token, Runnable gone) {
    return store().view(stored(token), gone);
  }

  @Override
  public <T extends @Nullable Object> T read(byte[] token, Function<MemorySegment, T> reader) {
    return store().read(stored(token), reader);
  }

  @Override
  public void onPressure(Runnable ask) {
    askOthers = ask;
  }

  /**
   * A worker's collector runs beside its work ({@code -XX:+ExplicitGCInvokesConcurrent}). That of the
   * driver is the user's, and may stop it for long: only if there is need.
   */
  @Override
  public void collect(boolean isUrgent) {
    if (isUrgent) {
      endIdleMappings();
    }
    if (isUrgent || process != DRIVER) {
      collector.collect();
    }
  }

  private synchronized void endIdleMappings() {
    if (store != null) {
      store.endIdleMappings();
    }
  }

  /** Removes what a process has put that has ended: who has mapped it keeps it. */
  void removeOf(int ended) {
    SharedStore.sweep(folders.memory(), p -> p != ended);
    SharedStore.sweep(folders.spill(), p -> p != ended);
  }

  private static Stored stored(byte[] token) {
    return Stored.readFrom(ByteBuffer.wrap(token));
  }

  @Override
  public void free(byte[] token) {
    var _ = store().free(stored(token));
  }

  @Override
  public void abandon(byte[] token) {
    var _ = store().abandon(stored(token));
  }

  @Override
  public synchronized void close() {
    SharedStore s = store;
    if (s != null) {
      s.close();
    }
  }
}
