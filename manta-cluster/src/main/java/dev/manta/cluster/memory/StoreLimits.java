package dev.manta.cluster.memory;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
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
   * Found out from the machine: of memory 30 % (of what the container has, where there is one), and
   * no more than 80 % of what is free in the folder's file system; of the disk half of what is free.
   * A sixteenth of either stays free. A quarter of the memory may be kept for recycling. Both folders
   * must exist.
   */
  public static StoreLimits found(Path directory, Path spillDirectory) {
    try {
      FileStore memory = Files.getFileStore(directory);
      FileStore disk = Files.getFileStore(spillDirectory);
      long bytes = Math.min(physicalBytes() / 10 * 3, memory.getUsableSpace() / 10 * 8);
      return new StoreLimits(bytes, memory.getTotalSpace() / 16, bytes / 4,
          disk.getUsableSpace() / 2, disk.getTotalSpace() / 16, Duration.ofMillis(200),
          Duration.ofSeconds(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long physicalBytes() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
