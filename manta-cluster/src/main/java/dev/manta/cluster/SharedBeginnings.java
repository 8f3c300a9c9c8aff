package dev.manta.cluster;

import dev.manta.cluster.memory.BegunFile;
import dev.manta.engine.Beginnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** What the processes of a run have begun, each in a file that the others read after its death. */
final class SharedBeginnings implements Beginnings {
  private final Path folder;
  private final int process;
  private final @Nullable BegunFile own;
  private boolean closed;

  private SharedBeginnings(Path folder, int process, @Nullable BegunFile own) {
    this.folder = folder;
    this.process = process;
    this.own = own;
  }

  /** Of a process that others give no work. */
  static SharedBeginnings reading(SharedFolders folders, int process) {
    return new SharedBeginnings(folders.memory(), process, null);
  }

  /** Of a process that notes what it begins; where there is no room for that, nobody can tell. */
  static SharedBeginnings noting(SharedFolders folders, int process) {
    Path folder = folders.memory();
    BegunFile file = null;
    try {
      Files.createDirectories(folder);
      file = BegunFile.create(path(folder, process));
      BegunFile.Area unused = file.area(process); // so that what it takes is loaded
      if (unused != null) {
        unused.begins(0);
      }
    } catch (IOException e) {
      System.getLogger("dev.manta")
          .log(
              System.Logger.Level.WARNING,
              "no room in " + folder + " to note which work has begun: after the death of this"
                  + " process the outcome of all of it is unknown",
              e);
    }
    return new SharedBeginnings(folder, process, file);
  }

  private static Path path(Path folder, int process) {
    return folder.resolve("begun-" + process);
  }

  @Override
  public @Nullable Notes of(int peer) {
    BegunFile.Area area = own == null ? null : own.area(peer);
    return area == null ? null : area::begins;
  }

  @Override
  public LongPredicate mayHaveBegun(int peer) {
    return BegunFile.read(path(folder, peer), process);
  }

  /** Removes what a dead process has noted, which all have read. */
  synchronized void remove(int peer) {
    if (closed) {
      return; // another run may have its files there
    }
    try {
      Files.deleteIfExists(path(folder, peer));
    } catch (IOException e) {
      // it goes with the folder
    }
  }

  /** The folder goes: nothing is removed there any more. */
  synchronized void close() {
    closed = true;
  }
}
