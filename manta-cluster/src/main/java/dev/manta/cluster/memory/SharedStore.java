package dev.manta.cluster.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Large objects in memory that the processes of a host share. One process puts an object, once and
 * for all; every process maps it by its {@link Stored}, without asking the one that put it. The
 * latter owns the object and frees it when it knows that no process refers to it or maps it: who
 * refers to what is not known here.
 *
 * <p>An object is written to a file of its own in a folder in memory, or, when there is no room, in
 * one on disk. Files are used again, because new pages of memory cost several times the copy.
 *
 * <p>A put writes the bytes once. A mapping copies nothing: the memory that a reader sees is the one
 * that was written, and it can't be written through it.
 *
 * <p>Any thread may call all methods. A put may wait for {@link StoreLimits#pressureWait}, and for
 * the disk; the others don't wait.
 */
public final class SharedStore implements AutoCloseable {
  static final Cleaner CLEANER = Cleaner.create(Thread.ofPlatform()
      .name("manta-shared-memory")
      .inheritInheritableThreadLocals(false)
      .daemon()
      .factory());

  private final Path directory;
  private final Path spillDirectory;
  private final int process;
  private final StoreLimits limits;
  private final StoreListener listener;
  private final Disk disk;

  private final Ledger ledger;
  private final Mappings mappings;
  private final ReadMappings readMappings = new ReadMappings();
  private final ConcurrentHashMap<Stored, Segment> owned = new ConcurrentHashMap<>();
  private final AtomicLong files = new AtomicLong();

  /** Begins anywhere, so that an object of an earlier process of the same number is not mistaken. */
  private final AtomicLong generations =
      new AtomicLong(ThreadLocalRandom.current().nextLong(1L << 61));

  private volatile boolean closed;

  private SharedStore(Path directory, Path spillDirectory, int process, StoreLimits limits,
      StoreListener listener, Disk disk) {
    this.directory = directory;
    this.spillDirectory = spillDirectory;
    this.process = process;
    this.limits = limits;
    this.listener = listener;
    this.disk = disk;
    ledger = new Ledger(limits);
    mappings = new Mappings(listener::unmapped);
  }

  /**
   * Opens the part of this process, and removes what an earlier process of its number left.
   *
   * @param directory in a file system in memory, shared by all processes of a run; made for this user
   *     alone where there is none
   * @param spillDirectory on disk, shared and made in the same way
   * @param process this process's number; no other living one of the run has it
   * @throws UncheckedIOException if one of the folders can't be made or listed
   */
  public static SharedStore open(Path directory, Path spillDirectory, int process,
      StoreLimits limits, StoreListener listener) {
    return open(directory, spillDirectory, process, limits, listener, Disk.REAL);
  }

  static SharedStore open(Path directory, Path spillDirectory, int process, StoreLimits limits,
      StoreListener listener, Disk disk) {
    if (process < 0) {
      throw new IllegalArgumentException("A process's number is not negative: " + process);
    }
    try {
      SegmentFiles.createFolder(directory);
      SegmentFiles.createFolder(spillDirectory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sweep(directory, p -> p != process);
    sweep(spillDirectory, p -> p != process);
    return new SharedStore(directory, spillDirectory, process, limits, listener, disk);
  }

  /**
   * Removes the files that dead processes left in a folder, be it in memory or on disk. Who has
   * mapped one keeps its mapping.
   *
   * @param lives whether the process of a number is alive
   * @return how many there were
   * @throws UncheckedIOException if the folder can't be listed or a file not removed
   */
  public static int sweep(Path directory, IntPredicate lives) {
    try {
      return SegmentFiles.sweep(directory, lives);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Stores an object: in a free segment, in a new one, or, after those who hold objects were asked to
   * collect, on disk.
   *
   * @param object its bytes, which are copied once
   * @throws StoreFullException if there is room neither in memory nor on disk
   */
  public Stored put(MemorySegment object) {
    requireOpen();
    long bytes = object.byteSize();
    Segment segment = acquire(object);
    Stored stored;
    try {
      segment.write(object);
      stored = new Stored(process, segment.file, generations.incrementAndGet(), bytes,
          segment.spilled);
      segment.publish(stored);
      if (!segment.kept) {
        segment.unmap();
      }
    } catch (Throwable t) {
      discard(segment);
      if (t instanceof InternalError && String.valueOf(t.getMessage()).contains("memory access")) {
        throw full("A page could not be written", bytes, t);
      }
      throw t;
    }
    owned.put(stored, segment);
    if (closed) {
      unlink(stored);
      free(stored);
      requireOpen();
    }
    return stored;
  }

  /** Has room for an object; a new segment has it already. */
  private Segment acquire(MemorySegment object) {
    long bytes = object.byteSize();
    if (bytes > Stored.MAX_LENGTH) {
      throw full("No machine has that much", bytes, null);
    }
    long capacity = SegmentFiles.capacity(bytes);
    Segment segment = inMemory(object, capacity);
    if (segment == null && capacity <= limits.memoryBytes()
        && ledger.relieve(capacity, () -> listener.pressure(capacity),
            () -> hasRoom(directory, capacity, limits.memoryKeepFreeBytes()))) {
      segment = inMemory(object, capacity);
    }
    if (ledger.askNearLimit()) {
      listener.pressure(capacity);
    }
    return segment != null ? segment : spill(object, capacity);
  }

  private @Nullable Segment inMemory(MemorySegment object, long capacity) {
    Segment recycled = ledger.take(capacity);
    if (recycled != null) {
      return recycled;
    }
    List<Segment> trimmed = ledger.reserve(capacity);
    if (trimmed == null) {
      return null;
    }
    Segment created = null;
    try {
      trimmed.forEach(this::remove);
      created = create(object, capacity);
      if (created == null && trim() > 0) {
        created = create(object, capacity);
      }
      return created;
    } finally {
      if (created == null) {
        ledger.release(capacity, false);
      }
    }
  }

  /** Null where the file system is full. */
  private @Nullable Segment create(MemorySegment object, long capacity) {
    if (!hasRoom(directory, capacity, limits.memoryKeepFreeBytes())) {
      return null;
    }
    boolean kept = ledger.keep();
    try {
      return newSegment(directory, object, capacity, false, kept);
    } catch (IOException e) {
      if (kept) {
        ledger.keepNoMore();
      }
      return null; // in spite of what it said: another process was quicker
    }
  }

  private Segment spill(MemorySegment object, long capacity) {
    long bytes = object.byteSize();
    if (!ledger.reserveSpill(capacity)) {
      throw full("Neither memory nor the limit of spilled bytes has room", bytes, null);
    }
    Segment created = null;
    IOException cause = null;
    try {
      if (hasRoom(spillDirectory, capacity, limits.spillKeepFreeBytes())) {
        created = newSegment(spillDirectory, object, capacity, true, false);
      }
    } catch (IOException e) {
      cause = e;
    } finally {
      if (created == null) {
        ledger.release(capacity, true);
      }
    }
    if (created == null) {
      throw full("Memory has no room, and the disk is full", bytes, cause);
    }
    return created;
  }

  private boolean hasRoom(Path folder, long capacity, long keepFree) {
    return disk.usableBytes(folder) - capacity >= keepFree;
  }

  private Segment newSegment(
      Path folder, MemorySegment object, long capacity, boolean spilled, boolean kept)
      throws IOException {
    long file = files.incrementAndGet();
    Path path = folder.resolve(SegmentFiles.name(process, file));
    return new Segment(path, file, object, capacity, spilled, kept, disk);
  }

  private StoreFullException full(String what, long bytes, @Nullable Throwable cause) {
    StoreUsage usage = usage();
    return new StoreFullException(what + " for an object of " + bytes + " bytes. Of "
        + limits.memoryBytes() + " bytes in memory " + usage.usedBytes() + " are used, "
        + usage.recycledBytes() + " free for recycling and " + usage.unlinkedBytes()
        + " released but still mapped; of " + limits.spillBytes() + " on disk "
        + usage.spilledBytes() + " are used; " + directory + " keeps "
        + limits.memoryKeepFreeBytes() + " free, " + spillDirectory + " "
        + limits.spillKeepFreeBytes() + (cause == null ? "" : " (" + cause.getMessage() + ")")
        + ". Release refs to large objects, or raise the limits", cause);
  }

  /**
   * Frees an object that no process reads any more, even if some, this one too, still map it. Its memory
   * is kept for other objects, or given back.
   *
   * @return false if this process does not own it, or has freed it already
   */
  public boolean free(Stored stored) {
    return free(stored, true);
  }

  /**
   * As {@link #free} of an object that a process may still read: its memory is not used again, and is
   * the system's when nobody maps it any more.
   */
  public boolean abandon(Stored stored) {
    return free(stored, false);
  }

  private boolean free(Stored stored, boolean again) {
    Segment segment = owned.get(stored);
    if (segment == null) {
      return false;
    }
    synchronized (segment) {
      if (!owned.remove(stored, segment)) {
        return false;
      }
      if (segment.unlinked) {
        ledger.unlinkedGone(segment);
        return true;
      }
      if (segment.kept && again) {
        segment.retract();
        if (ledger.offer(segment)) {
          return true;
        }
      }
      discard(segment);
      return true;
    }
  }

  /**
   * Takes the name of an object away that no process refers to and some may still map: it can't be
   * mapped any more, and a crash leaves nothing of it. Its bytes are counted until it is freed.
   *
   * @return false if this process does not own it, or has unlinked or freed it already
   */
  public boolean unlink(Stored stored) {
    Segment segment = owned.get(stored);
    if (segment == null) {
      return false;
    }
    synchronized (segment) {
      if (owned.get(stored) != segment || segment.unlinked) {
        return false;
      }
      if (segment.kept) {
        segment.retract(); // who has the file mapped for other objects does not find this one either
      }
      remove(segment);
      segment.unlinked = true;
      ledger.unlink(segment);
      return true;
    }
  }

  /** Gives back the memory of free segments; says how many there were. */
  public int trim() {
    List<Segment> all = ledger.trim(Long.MAX_VALUE);
    all.forEach(this::remove);
    return all.size();
  }

  private void discard(Segment segment) {
    remove(segment);
    ledger.release(segment.capacity, segment.spilled);
  }

  private void remove(Segment segment) {
    try {
      segment.unlink();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (segment.kept) {
      ledger.keepNoMore();
    }
  }

  /**
   * Maps an object of any process until the mapping is closed.
   *
   * @throws LostStoredException if it is no longer stored
   * @throws InvalidStoredException if the descriptor is wrong
   * @throws StoreFullException if this process maps too many objects
   */
  @SuppressWarnings("MustBeClosedChecker") // the mapping closes it
  public Mapped map(Stored stored) {
    Arena arena = Arena.ofShared();
    return entered(stored, () -> {
      try {
        return new Mapped(open(stored, arena), arena, () -> mappings.leave(stored));
      } catch (Throwable t) {
        arena.close();
        throw t;
      }
    });
  }

  /**
   * Maps an object of any process as long as the segment, a part of it or a buffer of it can be
   * reached: for code that isn't told to close anything. The bytes are not copied and can't be
   * written.
   *
   * @param gone is run when nothing of it can be reached any more; must neither block nor throw
   * @throws LostStoredException if it is no longer stored
   * @throws InvalidStoredException if the descriptor is wrong
   * @throws StoreFullException if this process maps too many objects
   */
  public MemorySegment view(Stored stored, Runnable gone) {
    return entered(stored, () -> {
      if (!stored.spilled() && ReadMappings.areAllowed()) {
        return viewOfWhole(stored, gone);
      }
      MemorySegment segment = open(stored, Arena.ofAuto());
      afterwards(segment, stored, gone);
      return segment;
    });
  }

  private MemorySegment viewOfWhole(Stored stored, Runnable gone) {
    return opened(
        stored,
        path -> readMappings.view(path, stored,
            (segment, mapping) -> afterwards(segment, stored, () -> {
              readMappings.leave(mapping);
              gone.run();
            })));
  }

  /** When nothing of a segment can be reached: its scope is what all its parts and buffers refer to. */
  private void afterwards(MemorySegment segment, Stored stored, Runnable gone) {
    CLEANER.register(segment.scope(), () -> {
      mappings.leave(stored);
      gone.run();
    });
  }

  /**
   * Maps an object of any process while a function reads it on this thread, which costs less than
   * {@link #map}.
   *
   * @param reader must not give the segment away, whose bytes may be others' after its return
   * @throws LostStoredException if it is no longer stored
   * @throws InvalidStoredException if the descriptor is wrong
   * @throws StoreFullException if this process maps too many objects
   */
  public <T extends @Nullable Object> T read(Stored stored, Function<MemorySegment, T> reader) {
    requireOpen();
    mappings.enter(stored);
    try {
      if (!stored.spilled()) {
        return opened(stored, path -> readMappings.read(path, stored, reader));
      }
      try (Arena arena = Arena.ofConfined()) {
        return reader.apply(open(stored, arena));
      }
    } finally { // by now the arena is closed
      mappings.leave(stored);
    }
  }

  /** Counts a mapping; it is counted no more if there is an error. */
  private <T> T entered(Stored stored, Supplier<T> action) {
    requireOpen();
    mappings.enter(stored);
    try {
      return action.get();
    } catch (Throwable t) {
      mappings.leave(stored);
      throw t;
    }
  }

  private MemorySegment open(Stored stored, Arena arena) {
    return opened(stored, path -> SegmentFiles.map(path, stored, arena));
  }

  private interface Opening<T extends @Nullable Object> {
    T of(Path path) throws IOException;
  }

  private <T extends @Nullable Object> T opened(Stored stored, Opening<T> opening) {
    Path folder = stored.spilled() ? spillDirectory : directory;
    Path path = folder.resolve(SegmentFiles.name(stored.owner(), stored.file()));
    try {
      return opening.of(path);
    } catch (NoSuchFileException e) {
      throw new LostStoredException(stored + " was freed, or its owner has ended", e);
    } catch (IOException e) {
      throw new StoreException(stored + " can't be mapped: " + e.getMessage(), e);
    }
  }

  /** Unmaps what is only mapped for objects that may come. */
  public void endIdleMappings() {
    readMappings.endIdle();
  }

  /** What this process holds now. */
  public StoreUsage usage() {
    return ledger.usage(mappings.total());
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The store is closed");
    }
  }

  /**
   * Removes all that this process has stored: no process can map it any more, and who maps it keeps
   * it.
   */
  @Override
  public void close() {
    closed = true;
    ledger.close();
    for (Stored stored : owned.keySet()) {
      unlink(stored);
    }
    trim();
    readMappings.endIdle();
  }
}
