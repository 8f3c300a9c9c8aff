package dev.manta.cluster;

import dev.manta.cluster.workers.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the large objects of a run are: in memory, and what does not fit there on disk.
 *
 * @param memory a folder of files in memory, where there can be one
 * @param spill a folder on disk
 */
record SharedFolders(Path memory, Path spill) {
  private static final Path TMPFS = Path.of("/dev/shm");

  /** What leads to the folder in memory from that of the run; where there is no memory, a folder. */
  private static final String MEMORY = "memory";

  /** Of a run, by its folder. The driver has made room in memory before, where it could. */
  static SharedFolders of(Path run) {
    Path memory = run.resolve(MEMORY);
    try {
      memory = Files.exists(memory) ? memory.toRealPath() : memory;
    } catch (IOException e) {
      throw new UncheckedIOException("the folder of large objects is gone", e);
    }
    return new SharedFolders(memory, run.resolve("objects"));
  }

  /** Makes room in memory for a run, below a folder of this user that others can't enter. */
  static @Nullable RunDirectory inMemory(Path run) {
    return inMemory(run, TMPFS);
  }

  /** Null where there can be none: large objects are in the run's folder then. */
  static @Nullable RunDirectory inMemory(Path run, Path tmpfs) {
    if (!Files.isDirectory(tmpfs)) {
      return null;
    }
    RunDirectory memory;
    try {
      memory = RunDirectory.below(tmpfs.resolve("manta-" + Files.getAttribute(run, "unix:uid")));
    } catch (IOException | UncheckedIOException | IllegalStateException
        | UnsupportedOperationException e) {
      return null; // it is full, or another user has taken the name
    }
    try {
      Files.createSymbolicLink(run.resolve(MEMORY), memory.path());
      return memory;
    } catch (IOException | UnsupportedOperationException e) {
      memory.close();
      return null;
    }
  }
}
