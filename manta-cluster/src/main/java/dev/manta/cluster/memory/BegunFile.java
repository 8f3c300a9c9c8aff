package dev.manta.cluster.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A file in which a process notes which work of others it has begun. What is noted outlives the process,
 * however that ends. It is locked while the process lives: who gets the lock knows that it is dead, all
 * its threads have ended, and nothing is begun any more.
 *
 * <p>Work has numbers, which each caller counts from 0. A caller has an area with a ring of slots: work n
 * begins by writing its round, {@code n / SLOTS + 1}, into the slot {@code n % SLOTS}, unless that holds
 * a later one. So a slot with an earlier round says that the work has not begun, and one with a later
 * round does not tell.
 *
 * <pre>
 * 0     magic number; written last, so that a file without it says nothing
 * 4     1 once a caller could not be given an area: what is said of callers without one is unknown
 * 8     the caller of each area, plus 1; 0 where there is none
 * 4096  the areas
 * </pre>
 *
 * May be used by any thread.
 */
public final class BegunFile implements AutoCloseable {
  /** Of each caller; a power of two. */
  static final int SLOTS = 1 << 13;

  private static final int SLOT_BITS = 13;
  private static final int AREA_BYTES = SLOTS * Integer.BYTES;
  private static final int HEADER_BYTES = 4096;
  private static final int MAGIC = 0x4d42454e;
  private static final int OVERFLOW_AT = 4;
  private static final int CALLERS_AT = 8;

  /** The most callers that have an area. */
  static final int MOST_CALLERS = 1000;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final VarHandle SLOT = INT.varHandle();

  /** A lock ends when its channel is unreachable, and so must not be while the process lives. */
  private static final Set<BegunFile> OPEN = ConcurrentHashMap.newKeySet();

  private final FileChannel channel;
  private final MemorySegment header;
  private final FileLock lock;
  private int callers;

  private BegunFile(FileChannel channel, MemorySegment header, FileLock lock) {
    this.channel = channel;
    this.header = header;
    this.lock = lock;
  }

  /**
   * Makes the file of this process.
   *
   * @throws IOException if there is no room for it, or it is there already
   */
  public static BegunFile create(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            ownersOnly(path));
    try {
      fill(channel, 0, HEADER_BYTES);
      MemorySegment header =
          channel.map(MapMode.READ_WRITE, 0, HEADER_BYTES, Arena.ofAuto());
      BegunFile file = new BegunFile(channel, header, channel.lock());
      OPEN.add(file);
      header.set(INT, 0, MAGIC);
      return file;
    } catch (Throwable e) {
      try (channel) {
        Files.deleteIfExists(path);
      }
      throw e;
    }
  }

  private static FileAttribute<?>[] ownersOnly(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[]{
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
        : new FileAttribute<?>[0];
  }

  /** Writes zeros: where a page does not exist, a full file system shows only when it is touched. */
  private static void fill(FileChannel channel, long at, int bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(bytes);
    while (zeros.hasRemaining()) {
      int _ = channel.write(zeros, at + zeros.position());
    }
  }

  /** A caller's slots. Any thread. */
  public static final class Area {
    private final MemorySegment slots;

    private Area(MemorySegment slots) {
      this.slots = slots;
    }

    /** The work of that number begins now: what this thread does next, it does after the note. */
    public void begins(long work) {
      long at = (work & (SLOTS - 1)) * Integer.BYTES;
      int round = round(work);
      for (;;) {
        int noted = (int) SLOT.getOpaque(slots, at);
        if (noted - round >= 0 || SLOT.compareAndSet(slots, at, noted, round)) {
          return;
        }
      }
    }
  }

  private static int round(long work) {
    return (int) (work >>> SLOT_BITS) + 1;
  }

  /** A new area for a caller; null if there can be none, and nothing is known of its work then. */
  public synchronized @Nullable Area area(int caller) {
    try {
      if (callers < MOST_CALLERS && channel.isOpen()) {
        long at = HEADER_BYTES + (long) callers * AREA_BYTES;
        fill(channel, at, AREA_BYTES);
        Area area = new Area(channel.map(MapMode.READ_WRITE, at, AREA_BYTES, Arena.ofAuto()));
        header.set(INT, CALLERS_AT + (long) callers * Integer.BYTES, caller + 1);
        callers++;
        VarHandle.fullFence(); // before anything is begun for it
        return area;
      }
    } catch (IOException | OutOfMemoryError e) {
      // there is no room
    }
    header.set(INT, OVERFLOW_AT, 1);
    VarHandle.fullFence();
    return null;
  }

  /** As the end of the process: from now on nothing must be begun. The file stays. */
  @Override
  public synchronized void close() {
    OPEN.remove(this);
    try (channel) {
      lock.release();
    } catch (IOException e) {
      // it ends with the process
    }
  }

  /**
   * What the process of a file may have begun of a caller's work: true where that can't be told, as while
   * the process lives; false only where the work has not begun and never will.
   */
  public static LongPredicate read(Path path, int caller) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      FileLock shared;
      try {
        shared = channel.tryLock(0, Long.MAX_VALUE, true);
      } catch (OverlappingFileLockException e) {
        return BegunFile::unknown; // this very process has it, and lives
      }
      return shared == null ? BegunFile::unknown : read(channel, caller);
    } catch (IOException e) {
      return BegunFile::unknown; // there is none, for one
    }
  }

  private static boolean unknown(long work) {
    return true;
  }

  private static LongPredicate read(FileChannel channel, int caller) throws IOException {
    ByteBuffer header = bytes(channel, 0, HEADER_BYTES);
    if (header.getInt(0) != MAGIC) {
      return BegunFile::unknown;
    }
    for (int i = 0; i < MOST_CALLERS; i++) {
      if (header.getInt(CALLERS_AT + i * Integer.BYTES) == caller + 1) {
        ByteBuffer slots = bytes(channel, HEADER_BYTES + (long) i * AREA_BYTES, AREA_BYTES);
        return work -> slots.getInt((int) (work & (SLOTS - 1)) * Integer.BYTES) - round(work) >= 0;
      }
    }
    return header.getInt(OVERFLOW_AT) == 0 ? work -> false : BegunFile::unknown;
  }

  private static ByteBuffer bytes(FileChannel channel, long at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.nativeOrder());
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw new IOException("the file is too short");
      }
    }
    return bytes;
  }
}
