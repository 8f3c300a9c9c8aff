package dev.manta.cluster.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** A disk with an injected limit: the files of one folder may have so many bytes and no more. */
final class Quota implements Disk {
  private final Path folder;
  private final long bytes;
  private final boolean honest;
  final AtomicBoolean lifted = new AtomicBoolean();

  /** @param honest whether it says what is free; otherwise it shows when a file is written */
  Quota(Path folder, long bytes, boolean honest) {
    this.folder = folder;
    this.bytes = bytes;
    this.honest = honest;
  }

  @Override
  public synchronized void fill(
      Path path, FileChannel file, long at, MemorySegment object, long wanted) throws IOException {
    if (!lifted.get() && folder.equals(path.getParent()) && free() < wanted) {
      file.write(java.nio.ByteBuffer.allocate(4096), 0);
      throw new IOException("No space left on device (injected)");
    }
    REAL.fill(path, file, at, object, wanted);
  }

  private long free() {
    try (Stream<Path> files = Files.list(folder)) {
      return bytes - files.mapToLong(f -> f.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized long usableBytes(Path directory) {
    return honest && !lifted.get() && directory.equals(folder) ? free()
        : REAL.usableBytes(directory);
  }
}
