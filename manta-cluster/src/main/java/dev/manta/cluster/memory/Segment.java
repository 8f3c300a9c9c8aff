package dev.manta.cluster.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of this process, mapped for writing as long as it may be recycled: the mapping's pages cost
 * more than the copy of what is written to them.
 */
final class Segment {
  final long file;
  final long capacity;
  final boolean spilled;

  /** Whether it stays mapped for writing, and may be recycled. */
  final boolean kept;

  private final Path path;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment mapping;

  /** Guarded by this. */
  boolean unlinked;

  Segment(Path path, long file, long capacity, boolean spilled, boolean kept,
      Disk disk) throws IOException {
    this.path = path;
    this.file = file;
    this.capacity = capacity;
    this.spilled = spilled;
    this.kept = kept;
    try {
      mapping = SegmentFiles.create(path, capacity, arena, disk);
    } catch (Throwable t) {
      arena.close();
      throw t;
    }
  }

  MemorySegment room(long length) {
    return mapping.asSlice(SegmentFiles.HEADER, length);
  }

  void publish(Stored stored) {
    SegmentFiles.publish(mapping, stored);
  }

  void retract() {
    SegmentFiles.retract(mapping);
  }

  /** It is not written again. */
  void unmap() {
    arena.close();
  }

  /** Takes its name away; its pages go with its last mapping. */
  void unlink() throws IOException {
    if (arena.scope().isAlive()) {
      arena.close();
    }
    Files.deleteIfExists(path);
  }
}
