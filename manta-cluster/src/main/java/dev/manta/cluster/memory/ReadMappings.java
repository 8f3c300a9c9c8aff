package dev.manta.cluster.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Files that stay mapped for reading for some time after the last view of them has gone, for the next object
 * in the same file: the pages of a new mapping cost most of what a copy costs.
 *
 * <p>A view ends by itself, so it must have a scope of its own, which only code that may use native access
 * can give it. A worker may. Any thread may call all methods.
 */
final class ReadMappings {
  /** So many files stay mapped that have no view. */
  static final int MOST_IDLE = 1_024;

  /** For so long at least, and twice as long at most. */
  private static final long IDLE_S = 5;

  private final Executor later;

  /** Guarded by this, as all that follows. */
  private final Map<Path, Mapping> mappings = new HashMap<>();

  private int idle;
  private boolean sweeping;

  /** A file that is mapped. */
  static final class Mapping {
    final Path path;
    private final Arena arena;
    private final MemorySegment whole;
    private int views;
    private boolean wasIdle;

    private Mapping(Path path, Arena arena, MemorySegment whole) {
      this.path = path;
      this.arena = arena;
      this.whole = whole;
    }
  }

  ReadMappings() {
    this(CompletableFuture.delayedExecutor(IDLE_S, TimeUnit.SECONDS, Thread::startVirtualThread));
  }

  /** @param later runs an action after the time that a file stays mapped at least */
  ReadMappings(Executor later) {
    this.later = later;
  }

  /** Whether this process may have views. */
  static boolean areAllowed() {
    return ReadMappings.class.getModule().isNativeAccessEnabled();
  }

  /**
   * An object, as long as the segment, a part of it or a buffer of it can be reached; then the mapping is to
   * be {@linkplain #leave left}.
   *
   * @param view is given the object's segment before anybody else
   */
  MemorySegment view(Path path, Stored stored, View view) throws IOException {
    Mapping mapping = enter(path);
    try {
      MemorySegment object = SegmentFiles.check(mapping.whole, stored);
      MemorySegment alone = ownScope(object);
      view.begins(alone, mapping);
      return alone;
    } catch (Throwable t) {
      leave(mapping);
      throw t;
    }
  }

  /** What a function makes of an object, whose segment it must not give away. */
  <T extends @Nullable Object> T read(
      Path path, Stored stored, Function<MemorySegment, T> reader) throws IOException {
    Mapping mapping = enter(path);
    try {
      return reader.apply(SegmentFiles.check(mapping.whole, stored));
    } finally {
      leave(mapping);
    }
  }

  /** Takes note of a view. */
  interface View {
    void begins(MemorySegment segment, Mapping mapping);
  }

  @SuppressWarnings("restricted") // which is asked before
  private static MemorySegment ownScope(MemorySegment object) {
    return object.reinterpret(Arena.ofAuto(), null);
  }

  private synchronized Mapping enter(Path path) throws IOException {
    Mapping mapping = mappings.get(path);
    if (mapping == null) {
      mapping = map(path);
      mappings.put(path, mapping);
    } else if (mapping.views == 0) {
      idle--;
    }
    mapping.views++;
    mapping.wasIdle = false;
    return mapping;
  }

  @SuppressWarnings("MustBeClosedChecker") // unmap closes it
  private static Mapping map(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      return new Mapping(path, arena, SegmentFiles.mapWhole(path, arena));
    } catch (Throwable t) {
      arena.close();
      throw t;
    }
  }

  /** A view has ended. */
  synchronized void leave(Mapping mapping) {
    if (--mapping.views > 0) {
      return;
    }
    idle++;
    if (idle > MOST_IDLE) {
      unmap(mapping);
      mappings.remove(mapping.path);
    } else if (!sweeping) {
      sweeping = true;
      later.execute(this::sweep);
    }
  }

  /** Ends the mappings that have had no view since the last time. */
  private synchronized void sweep() {
    for (Iterator<Mapping> all = mappings.values().iterator(); all.hasNext();) {
      Mapping mapping = all.next();
      if (mapping.views == 0 && mapping.wasIdle) {
        unmap(mapping);
        all.remove();
      }
      mapping.wasIdle = mapping.views == 0;
    }
    sweeping = idle > 0;
    if (sweeping) {
      later.execute(this::sweep);
    }
  }

  /** Ends all mappings that have no view: what they map may be needed. */
  synchronized void endIdle() {
    for (Iterator<Mapping> all = mappings.values().iterator(); all.hasNext();) {
      Mapping mapping = all.next();
      if (mapping.views == 0) {
        unmap(mapping);
        all.remove();
      }
    }
  }

  private void unmap(Mapping mapping) {
    idle--;
    mapping.arena.close(); // nobody can reach a view of it
  }

  synchronized int size() {
    return mappings.size();
  }
}
