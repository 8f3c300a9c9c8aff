package dev.manta.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the large objects of a run are: in memory under {@code /dev/shm}, or where there is none in the
 * run's folder; what does not fit, in the run's folder.
 *
 * @param memory a folder of files in memory
 * @param spill a folder on disk
 */
record SharedFolders(Path memory, Path spill) {
  private static final Path TMPFS = Path.of("/dev/shm");
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  /**
   * Of a run, by its folder: below that, and in memory below a folder of this user, which others can't
   * enter. Where another user has taken its name, memory is below the run's folder too.
   */
  static SharedFolders of(Path run) {
    return of(run, TMPFS);
  }

  static SharedFolders of(Path run, Path tmpfs) {
    Path spill = run.resolve("objects");
    Path mine = mine(run, tmpfs);
    return new SharedFolders(
        mine == null ? run.resolve("memory") : mine.resolve(run.getFileName()),
        spill);
  }

  /** The folder of the user to whom a run's folder belongs; null if there can be none. */
  private static @Nullable Path mine(Path run, Path tmpfs) {
    if (!Files.isDirectory(tmpfs)) {
      return null;
    }
    try {
      Path mine = tmpfs.resolve("manta-" + Files.getAttribute(run, "unix:uid"));
      try {
        Files.createDirectory(mine, PosixFilePermissions.asFileAttribute(PRIVATE));
      } catch (FileAlreadyExistsException e) {
        // it is looked at
      }
      PosixFileAttributes found =
          Files.readAttributes(mine, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return found.isDirectory()
          && found.permissions().equals(PRIVATE)
          && found.owner().equals(Files.getOwner(run)) ? mine : null;
    } catch (IOException | UnsupportedOperationException e) {
      return null;
    }
  }

  /** Removes what runs have left that are over: those whose own folder is gone. */
  void removeLeftovers(Path run) {
    Path all = memory.getParent();
    if (all == null || !all.startsWith(TMPFS) || !Files.isDirectory(all)) {
      return;
    }
    List<Path> found;
    try (Stream<Path> folders = Files.list(all)) {
      found = folders.toList();
    } catch (IOException e) {
      throw new UncheckedIOException("what earlier runs have left can't be listed", e);
    }
    for (Path folder : found) {
      if (!Files.exists(run.resolveSibling(folder.getFileName()))) {
        remove(folder);
      }
    }
  }

  /** Removes the objects in memory; those on disk go with the run's folder. */
  void remove() {
    remove(memory);
  }

  private static void remove(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes a)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir,
                @Nullable IOException e) throws IOException {
              Files.deleteIfExists(dir);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException e) {
      // none were put
    } catch (IOException e) {
      throw new UncheckedIOException("large objects can't be removed from " + folder, e);
    }
  }
}
