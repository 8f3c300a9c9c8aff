package dev.manta.runtime;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads from the JVM's own thread dump who holds a monitor: virtual threads are only there. */
final class ThreadDump {
  private static final Pattern THREAD = Pattern.compile("\"tid\": \"?(\\d+)\"?");
  private static final Pattern BLOCKED_ON = Pattern.compile("\"blockedOn\": \"([^\"]+)\"");

  private ThreadDump() {}

  /** The id of the thread that holds the monitor on which {@code blocked} is blocked, or -1. */
  static long monitorOwner(Thread blocked) {
    try {
      String dump = dump();
      String lock = blockedOn(dump, blocked.threadId());
      return lock == null ? -1 : owner(dump, lock);
    } catch (IOException | RuntimeException e) {
      return -1;
    }
  }

  private static String dump() throws IOException {
    Path folder = Files.createTempDirectory("manta");
    Path file = folder.resolve("threads.json");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
      return Files.readString(file);
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }

  private static @Nullable String blockedOn(String dump, long thread) {
    Matcher threads = THREAD.matcher(dump);
    while (threads.find()) {
      if (Long.parseLong(threads.group(1)) == thread) {
        int from = threads.end();
        int to = threads.find() ? threads.start() : dump.length();
        Matcher lock = BLOCKED_ON.matcher(dump).region(from, to);
        return lock.find() ? lock.group(1) : null;
      }
    }
    return null;
  }

  private static long owner(String dump, String lock) {
    Matcher threads = THREAD.matcher(dump);
    long id = -1;
    int from = 0;
    while (threads.find()) {
      if (id >= 0 && holds(dump, from, threads.start(), lock)) {
        return id;
      }
      id = Long.parseLong(threads.group(1));
      from = threads.end();
    }
    return id >= 0 && holds(dump, from, dump.length(), lock) ? id : -1;
  }

  private static boolean holds(String dump, int from, int to, String lock) {
    int monitors = dump.indexOf("\"monitorsOwned\"", from);
    if (monitors < 0 || monitors >= to) {
      return false;
    }
    int at = dump.indexOf('"' + lock + '"', monitors);
    return at >= 0 && at < to;
  }
}
