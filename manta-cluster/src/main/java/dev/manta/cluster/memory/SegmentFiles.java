package dev.manta.cluster.memory;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a store: their names, how they are made, mapped and removed. A file has a header (what
 * it is, the generation and the length of the object in it), then the object.
 */
final class SegmentFiles {
  /** The object begins on a cache line. */
  static final int HEADER = 64;

  private static final long MAGIC = 0x4d414e54_41534847L;
  private static final int GENERATION_AT = 8;
  private static final int LENGTH_AT = 16;

  private static final int PAGE = 4096;

  /** The kernel maps sixteen pages around one that is read, where they exist. */
  private static final int PAGES_AROUND = 16 * PAGE;

  private static final Pattern NAME = Pattern.compile("m([0-9]{1,10})-[0-9]{1,19}");

  /** What was read last, so that it has to be read. */
  @SuppressWarnings("unused")
  private static volatile byte touched;

  private SegmentFiles() {}

  static String name(int process, long file) {
    return "m" + process + "-" + file;
  }

  /** What a file has for an object: in steps of a sixteenth, so that a free one fits others. */
  static long capacity(long length) {
    long bytes = HEADER + length;
    long step = Math.max(PAGE, Long.highestOneBit(bytes) / 16);
    return (bytes + step - 1) / step * step;
  }

  /**
   * Makes a file with an object whose pages all exist, and maps its head for writing; there is no file
   * if that fails.
   */
  static MemorySegment create(
      Path path, MemorySegment object, long capacity, Arena arena, Disk disk) throws IOException {
    return uninterrupted(() -> {
      try (FileChannel channel = FileChannel.open(path, Set.of(CREATE_NEW, READ, WRITE),
          ownersOnly(path, "rw-------"))) {
        disk.fill(path, channel, HEADER, object, capacity);
        return channel.map(MapMode.READ_WRITE, 0, HEADER, arena);
      } catch (Throwable t) {
        Files.deleteIfExists(path);
        throw t;
      }
    });
  }

  /** Maps all of a file of this process, whose pages exist. */
  static MemorySegment mapForWriting(Path path, long capacity, Arena arena) {
    try {
      return uninterrupted(() -> {
        try (FileChannel channel = FileChannel.open(path, READ, WRITE, NOFOLLOW_LINKS)) {
          MemorySegment mapping = channel.map(MapMode.READ_WRITE, 0, capacity, arena);
          touch(mapping);
          return mapping;
        }
      });
    } catch (IOException e) {
      throw new StoreException(path + " can't be mapped: " + e.getMessage(), e);
    }
  }

  /** Reading a page brings its neighbours too, which writing doesn't: a sixteenth of the faults. */
  private static void touch(MemorySegment mapping) {
    byte all = 0;
    for (long at = 0; at < mapping.byteSize(); at += PAGES_AROUND) {
      all |= mapping.get(ValueLayout.JAVA_BYTE, at);
    }
    touched = all;
  }

  /** States what is in the file. Follows the writing of the object. */
  static void publish(MemorySegment mapping, Stored stored) {
    mapping.set(ValueLayout.JAVA_LONG, 0, MAGIC);
    mapping.set(ValueLayout.JAVA_LONG, LENGTH_AT, stored.length());
    mapping.set(ValueLayout.JAVA_LONG, GENERATION_AT, stored.generation());
  }

  /** Nothing is in the file any more: a descriptor that somebody kept finds no object. */
  static void retract(MemorySegment mapping) {
    mapping.set(ValueLayout.JAVA_LONG, GENERATION_AT, 0);
  }

  /**
   * Maps an object for reading.
   *
   * @throws LostStoredException if it is no longer stored
   * @throws InvalidStoredException if the file is another than the descriptor says
   */
  static MemorySegment map(Path path, Stored stored, Arena arena) throws IOException {
    return uninterrupted(() -> {
      try (FileChannel channel = FileChannel.open(path, READ, NOFOLLOW_LINKS)) {
        long bytes = Math.min(HEADER + stored.length(), channel.size());
        return check(channel.map(MapMode.READ_ONLY, 0, bytes, arena), stored);
      }
    });
  }

  /** Maps a file for reading, with what will be in it later. */
  static MemorySegment mapWhole(Path path, Arena arena) throws IOException {
    return uninterrupted(() -> {
      try (FileChannel channel = FileChannel.open(path, READ, NOFOLLOW_LINKS)) {
        return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      }
    });
  }

  /**
   * The object in the mapping of a file.
   *
   * @throws LostStoredException if it is no longer stored
   * @throws InvalidStoredException if the file is another than the descriptor says
   */
  static MemorySegment check(MemorySegment mapping, Stored stored) {
    if (HEADER + stored.length() > mapping.byteSize()) {
      throw new InvalidStoredException(stored + " ends beyond its file of " + mapping.byteSize()
          + " bytes");
    }
    if (mapping.get(ValueLayout.JAVA_LONG, 0) != MAGIC) {
      throw new InvalidStoredException(stored + " leads to a file that is no segment");
    }
    if (mapping.get(ValueLayout.JAVA_LONG, GENERATION_AT) != stored.generation()) {
      throw new LostStoredException(stored + " was freed", null);
    }
    if (mapping.get(ValueLayout.JAVA_LONG, LENGTH_AT) != stored.length()) {
      throw new InvalidStoredException(stored + " has another length than its file says");
    }
    return mapping.asSlice(HEADER, stored.length());
  }

  /** Makes a folder that is its owner's alone, unless there is one. */
  static void createFolder(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(directory, ownersOnly(directory, "rwx------"));
    }
  }

  private static FileAttribute<?>[] ownersOnly(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[]{PosixFilePermissions.asFileAttribute(
            PosixFilePermissions.fromString(permissions))}
        : new FileAttribute<?>[0];
  }

  /** Removes the files of processes that do not live; says how many. */
  static int sweep(Path directory, IntPredicate lives) throws IOException {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    int removed = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (!name.matches()) {
          continue;
        }
        long process = Long.parseLong(name.group(1));
        if (process <= Integer.MAX_VALUE && !lives.test((int) process)
            && Files.deleteIfExists(file)) {
          removed++;
        }
      }
    }
    return removed;
  }

  private interface Action<T> {
    T run() throws IOException;
  }

  /**
   * A channel is closed under a thread that is interrupted, but a put is no place to cancel a call:
   * it is done once more, and the thread is interrupted afterwards.
   */
  private static <T> T uninterrupted(Action<T> action) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      for (;;) {
        try {
          return action.run();
        } catch (ClosedByInterruptException e) {
          interrupted = true;
          Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
