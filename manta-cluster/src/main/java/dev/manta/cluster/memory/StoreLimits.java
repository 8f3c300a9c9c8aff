package dev.manta.cluster.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What one process may take. Several processes share the file systems: what these must keep free is
 * looked up before each new file, and so limits all of them together.
 *
 * @param memoryBytes in memory: used, kept for recycling, and unlinked but still mapped
 * @param memoryKeepFreeBytes what the file system in memory keeps free
 * @param recycledBytes of memory, those kept for recycling
 * @param spillBytes on disk
 * @param spillKeepFreeBytes what the disk keeps free
 * @param pressureWait how long a put waits for room after the holders were asked to collect
 * @param pressurePause how long after that wait they are not asked again
 */
public record StoreLimits(long memoryBytes, long memoryKeepFreeBytes, long recycledBytes,
    long spillBytes, long spillKeepFreeBytes, Duration pressureWait, Duration pressurePause) {

  /** Checks that no figure is negative. */
  public StoreLimits {
    if (Math.min(Math.min(memoryBytes, memoryKeepFreeBytes), recycledBytes) < 0
        || Math.min(spillBytes, spillKeepFreeBytes) < 0 || pressureWait.isNegative()
        || pressurePause.isNegative()) {
      throw new IllegalArgumentException("Limits are not negative");
    }
  }

  /**
   * Found out from the machine. One process may have 30 % of its memory (of the container's, where
   * there is one) and no more than 80 % of what is free in the folder's file system; all together
   * half of the memory and 15 sixteenths of that file system. Of the disk each may have half of what
   * is free, and a sixteenth of it stays free. A quarter of the memory may be kept for recycling.
   *
   * <p>Both folders must exist.
   *
   * @param physical the bytes of the machine's memory, or the container's
   * @throws UncheckedIOException if one doesn't
   */
  public static StoreLimits found(Path directory, Path spillDirectory, long physical) {
    try {
      FileStore memory = Files.getFileStore(directory);
      FileStore disk = Files.getFileStore(spillDirectory);
      long free = memory.getUsableSpace();
      long bytes = Math.min(physical / 10 * 3, free / 10 * 8);
      return new StoreLimits(bytes, Math.max(memory.getTotalSpace() / 16, free - physical / 2),
          bytes / 4, disk.getUsableSpace() / 2, disk.getTotalSpace() / 16, Duration.ofMillis(200),
          Duration.ofSeconds(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
