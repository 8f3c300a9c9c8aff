package dev.manta.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the large objects of a run are: in memory under {@code /dev/shm}, or where there is none in the
 * run's folder; what does not fit, in the run's folder.
 *
 * @param memory a folder of files in memory
 * @param spill a folder on disk
 */
record SharedFolders(Path memory, Path spill) {
  private static final Path TMPFS = Path.of("/dev/shm");

  /** Of a run, by its folder: below that, and in memory below a folder of this user. */
  static SharedFolders of(Path run) {
    Path spill = run.resolve("objects");
    return Files.isDirectory(TMPFS) && Files.isWritable(TMPFS)
        ? new SharedFolders(
            TMPFS.resolve("manta-" + System.getProperty("user.name")).resolve(run.getFileName()),
            spill)
        : new SharedFolders(run.resolve("memory"), spill);
  }

  /** Removes what runs have left that are over: those whose own folder is gone. */
  static void removeLeftovers(Path run) {
    Path mine = of(run).memory;
    Path all = mine.getParent();
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
                @org.jspecify.annotations.Nullable IOException e) throws IOException {
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
