package dev.manta.cluster.workers;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What runs that died without closing have left below a base folder, and its removal. */
final class Leftovers {
  static final String LOCK = "lock";
  static final String WORKERS = "workers";
  static final String CRASHES = "crashes";

  private static final Pattern RUN = Pattern.compile("\\d+-\\d+(\\.\\d+)?");
  private static final Pattern NOTE = Pattern.compile("(\\d{1,18}) (\\d{1,18})");
  private static final long MOST_NOTE_BYTES = 1 << 20;
  private static final int KEPT_CRASHES = 20;

  /**
   * How far two JVMs may differ about the start of one process: they add its distance from the
   * system's start to a time of that start which is rounded to seconds and moves with the clock.
   */
  private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

  private Leftovers() {}

  /**
   * Removes the dead runs below {@code base}, but does not look at those of the process that is
   * named: a process that closes a second channel to a file may lose its lock on it.
   */
  static void remove(Path base, String processName) throws IOException {
    try (var runs = Files.newDirectoryStream(base)) {
      for (var run : runs) {
        var name = run.getFileName().toString();
        boolean own = name.equals(processName) || name.startsWith(processName + ".");
        if (!own && RUN.matcher(name).matches()
            && Files.isDirectory(run, LinkOption.NOFOLLOW_LINKS)) {
          removeIfDead(run);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static void removeIfDead(Path run) {
    // there is no lock file where a run died before it had one, or was removed but for what came late
    var lock = run.resolve(LOCK);
    try (var channel =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      var held = channel.tryLock();
      if (held != null) {
        endWorkers(run);
        delete(run);
      }
    } catch (IOException | OverlappingFileLockException e) {
      // it lives, or a later start tries again
    }
  }

  private static void endWorkers(Path run) throws IOException {
    var notes = run.resolve(WORKERS);
    if (!Files.isRegularFile(notes, LinkOption.NOFOLLOW_LINKS)
        || Files.size(notes) > MOST_NOTE_BYTES) {
      return;
    }
    for (var line : Files.readAllLines(notes, StandardCharsets.ISO_8859_1)) {
      var note = NOTE.matcher(line);
      if (note.matches()) {
        endWorker(
            Long.parseLong(note.group(1)),
            Instant.ofEpochMilli(Long.parseLong(note.group(2))));
      }
    }
  }

  private static void endWorker(long pid, Instant start) {
    ProcessHandle.of(pid)
        .filter(process -> isSame(process.info().startInstant().orElse(null), start))
        .filter(process -> pid != ProcessHandle.current().pid())
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  private static boolean isSame(@Nullable Instant actual, Instant noted) {
    return actual != null
        && Duration.between(actual, noted).abs().compareTo(START_TOLERANCE) <= 0;
  }

  /** Removes all but the newest crash files. */
  static void removeOldCrashes(Path crashes) throws IOException {
    record Crash(Path file, long modified) {}

    var files = new ArrayList<Crash>();
    try (var entries = Files.newDirectoryStream(crashes)) {
      for (var entry : entries) {
        files.add(new Crash(entry, Files.getLastModifiedTime(entry).toMillis()));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    files.sort(Comparator.comparingLong(Crash::modified).reversed());
    for (var old : files.subList(Math.min(KEPT_CRASHES, files.size()), files.size())) {
      Files.deleteIfExists(old.file());
    }
  }

  /** Deletes a folder and what is in it, its lock last; links are deleted, not followed. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    var lock = folder.resolve(LOCK);
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        if (!file.equals(lock)) {
          Files.deleteIfExists(file);
        }
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException error)
          throws IOException {
        if (error != null) {
          throw error;
        }
        if (visited.equals(folder)) {
          Files.deleteIfExists(lock);
        }
        Files.deleteIfExists(visited);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
