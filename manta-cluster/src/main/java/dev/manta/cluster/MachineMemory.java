package dev.manta.cluster;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much memory there is: the machine's, or what the control groups of this process may have of it, as in
 * a container.
 */
final class MachineMemory {
  /*
   * The JVM's own bean knows it too, and is asked where there is no /proc; to load it takes longer than all
   * else that must be done before the first worker can be started.
   */
  private static final String MEMORY_TOTAL = "MemTotal:";

  private MachineMemory() {}

  /** In bytes. */
  static long bytes() {
    long bytes = bytes(Path.of("/"));
    return bytes > 0
        ? bytes
        : ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  /** The same below another root; 0 if that is not how this system tells it. */
  static long bytes(Path root) {
    try {
      long bytes = total(root.resolve("proc/meminfo"));
      for (String line : Files.readAllLines(root.resolve("proc/self/cgroup"))) {
        bytes = Math.min(bytes, limit(root.resolve("sys/fs/cgroup"), line));
      }
      return bytes;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  private static long total(Path file) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(MEMORY_TOTAL) && line.endsWith(" kB")) {
        int end = line.length() - " kB".length();
        return Long.parseLong(line.substring(MEMORY_TOTAL.length(), end).trim()) << 10;
      }
    }
    return 0;
  }

  /** The least limit of a control group and those above it, of {@code hierarchy:controllers:path}. */
  private static long limit(Path groups, String line) throws IOException {
    String[] parts = line.split(":", 3);
    if (parts.length < 3) {
      return Long.MAX_VALUE;
    }
    boolean isUnified = parts[1].isEmpty();
    if (!isUnified && !("," + parts[1] + ",").contains(",memory,")) {
      return Long.MAX_VALUE;
    }
    Path top = isUnified ? groups : groups.resolve("memory");
    String file = isUnified ? "memory.max" : "memory.limit_in_bytes";
    long least = Long.MAX_VALUE;
    Path group = top.resolve("." + parts[2]).normalize();
    if (!group.startsWith(top)) {
      group = top; // of a container that sees no more than its own groups
    }
    for (; group != null && group.startsWith(top); group = group.getParent()) {
      Path limit = group.resolve(file);
      if (Files.isReadable(limit)) {
        String text = Files.readString(limit).trim();
        least = text.equals("max") ? least : Math.min(least, Long.parseLong(text));
      }
    }
    return least;
  }
}
