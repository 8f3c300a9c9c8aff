package dev.manta.cluster;

import dev.manta.cluster.memory.SharedStore;
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
import org.jspecify.annotations.Nullable;

/** The store of large objects of one process; opened when the first one is put or read. */
final class SharedObjects implements SharedMemory, AutoCloseable {
  private static final StoreListener COLLECTING =
      new StoreListener() {
        @Override
        @SuppressWarnings("GarbageCollector") // the collector does not feel memory off its heap
        public void pressure(long bytes) {
          System.gc();
        }

        @Override
        public void unmapped(Stored stored) {}
      };

  private final SharedFolders folders;
  private final int process;
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
      s = SharedStore.open(memory, spill, process, StoreLimits.found(memory, spill), COLLECTING);
      store = s;
    }
    return s;
  }

  @Override
  public byte[] put(MemorySegment bytes) {
    Stored stored = store().put(bytes.byteSize(), to -> to.copyFrom(bytes));
    byte[] token = new byte[Stored.BYTES];
    stored.writeTo(ByteBuffer.wrap(token));
    return token;
  }

  @Override
  public MemorySegment view(byte[] token) {
    return store().view(stored(token));
  }

  private static Stored stored(byte[] token) {
    return Stored.readFrom(ByteBuffer.wrap(token));
  }

  @Override
  public void free(byte[] token) {
    var _ = store().free(stored(token));
  }

  @Override
  public synchronized void close() {
    SharedStore s = store;
    if (s != null) {
      s.close();
    }
  }
}
