package dev.manta.cluster.workers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A private folder of one run: socket files, crash files and notes of the run's worker processes; or
 * its large objects.
 * It is {@code <base>/<pid>-<start time>} with the permissions 0700, below a folder of the user's
 * own. A lock on a file in it is held until it is closed, at the latest until the process ends, by
 * whatever means: so another process knows whether the run lives. May be used by any thread.
 *
 */
public final class RunDirectory implements AutoCloseable {
  /** What the path of a unix domain socket may take, with its end, on the strictest system. */
  private static final int MOST_SOCKET_PATH_BYTES = 103;
  private static final String LONGEST_SOCKET_NAME = "/9999999.sock";
  private static final int TRIES = 100;

  /** A lock ends when its channel is unreachable, and so must not be while the run lives. */
  private static final Set<RunDirectory> OPEN = ConcurrentHashMap.newKeySet();

  /** The folder of the folders of all runs. */
  private final Path base;

  private final Path path;
  private final FileChannel lock;

  private RunDirectory(Path base, Path path, FileChannel lock) {
    this.base = base;
    this.path = path;
    this.lock = lock;
  }

  /**
   * Opens the folder of a new run of this process, below the first of these that exists, belongs to
   * the user and is short enough: {@code XDG_RUNTIME_DIR}, {@code java.io.tmpdir}, {@code /tmp}.
   *
   * @throws IllegalStateException if there is no such place; the message says what to do
   */
  public static RunDirectory open() {
    return below(BaseDirectory.find(LONGEST_SOCKET_NAME, MOST_SOCKET_PATH_BYTES));
  }

  /**
   * The same below a base that is given, which is created if it does not exist.
   *
   * @throws IllegalStateException if it is not the user's own and private
   * @throws UncheckedIOException if there can be no folder
   */
  public static RunDirectory below(Path base) {
    try {
      BaseDirectory.ensure(base);
      return create(base, processName());
    } catch (IOException e) {
      throw new UncheckedIOException("No folder for worker processes below " + base, e);
    }
  }

  /** The name of a folder of this process; its second one at the same time has a suffix. */
  static String processName() {
    var self = ProcessHandle.current();
    var start = self.info().startInstant().orElse(Instant.EPOCH);
    return self.pid() + "-" + start.toEpochMilli();
  }

  private static RunDirectory create(Path base, String processName) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      var path = base.resolve(i == 0 ? processName : processName + "." + i);
      try {
        BaseDirectory.createPrivate(path);
      } catch (FileAlreadyExistsException e) {
        continue;
      }
      var lock = lock(path);
      if (lock != null) {
        var directory = new RunDirectory(base, path, lock);
        OPEN.add(directory);
        return directory;
      }
    }
    throw new IOException("All names are taken: " + base.resolve(processName) + ".*");
  }

  /**
   * The lock of a folder that was just created, or null if another process, which took it for one
   * left over, was faster: it removes a folder only while it holds the lock.
   */
  private static @Nullable FileChannel lock(Path path) throws IOException {
    var file = path.resolve(Leftovers.LOCK);
    FileChannel channel;
    try {
      channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return null;
    }
    FileLock held = null;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // another class loader of this JVM holds it
    }
    if (held != null && Files.exists(file)) {
      return channel;
    }
    channel.close();
    return null;
  }

  /**
   * Removes what dead runs below the same base have left: their worker processes that still live, for
   * instance because they were stopped, and their folders.
   *
   * @throws UncheckedIOException if the base can't be listed
   */
  public void removeLeftovers() {
    try {
      Leftovers.remove(base, processName());
    } catch (IOException e) {
      throw new UncheckedIOException("What earlier runs have left can't be listed", e);
    }
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  /** Where the unix domain socket of a worker is, or of the parent, whose number is 0. */
  public Path socket(int worker) {
    return path.resolve(worker + ".sock");
  }

  /** What a JVM of this run writes when it crashes, as its option {@code ErrorFile} takes it. */
  String crashFileOption() {
    return path.toString().replace("%", "%%") + "/crash-%p.log";
  }

  /** Notes a process of this run, so that it is ended if this process dies without it. */
  void note(ProcessHandle worker) throws IOException {
    var start = worker.info().startInstant();
    if (start.isEmpty()) {
      return; // it has ended already
    }
    var notes = path.resolve(Leftovers.WORKERS);
    try {
      Files.writeString(
          notes,
          worker.pid() + " " + start.get().toEpochMilli() + "\n",
          StandardCharsets.US_ASCII,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new IOException("can't write to " + notes + ": " + e.getMessage(), e);
    }
  }

  /**
   * Moves the crash file of a process, if it left one, to where it stays after the run: {@code
   * crashes} in the base folder, which keeps the newest ones.
   */
  Optional<Path> keepCrashFile(long pid) {
    var file = path.resolve("crash-" + pid + ".log");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      var crashes = path.resolveSibling(Leftovers.CRASHES);
      BaseDirectory.ensure(crashes);
      var kept = crashes.resolve(path.getFileName() + "-" + file.getFileName());
      Files.move(file, kept, StandardCopyOption.REPLACE_EXISTING);
      Leftovers.removeOldCrashes(crashes);
      return Optional.of(kept);
    } catch (IOException | IllegalStateException e) {
      return Optional.of(file);
    }
  }

  /** Removes the folder. What cannot be removed is left to a later start. */
  @Override
  public void close() {
    if (!OPEN.remove(this)) {
      return;
    }
    try (lock) {
      Leftovers.delete(path);
    } catch (IOException e) {
      // a later start tries again
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
