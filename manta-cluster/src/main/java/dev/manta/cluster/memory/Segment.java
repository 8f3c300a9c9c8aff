package dev.manta.cluster.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of this process. Its first object is written through the channel, which is the fastest that
 * there is for new pages; where it may be recycled, later ones to a mapping, which stays: its pages
 * cost most of what a copy costs.
 */
final class Segment {
  final long file;
  final long capacity;
  final boolean spilled;

  /** Whether it may be recycled. */
  final boolean kept;

  private final Path path;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment head;

  /** Only who has it for an object. */
  private @Nullable MemorySegment whole;

  private boolean isNew = true;

  /** Guarded by this. */
  boolean unlinked;

  /** A new file with an object in it. */
  Segment(Path path, long file, MemorySegment object, long capacity, boolean spilled, boolean kept,
      Disk disk) throws IOException {
    this.path = path;
    this.file = file;
    this.capacity = capacity;
    this.spilled = spilled;
    this.kept = kept;
    try {
      head = SegmentFiles.create(path, object, capacity, arena, disk);
    } catch (Throwable t) {
      arena.close();
      throw t;
    }
  }

  /** Writes an object, unless it is the one with which the file was made. */
  void write(MemorySegment object) {
    if (isNew) {
      isNew = false;
      return;
    }
    MemorySegment mapping = whole;
    if (mapping == null) {
      mapping = SegmentFiles.mapForWriting(path, capacity, arena);
      whole = mapping;
    }
    mapping.asSlice(SegmentFiles.HEADER, object.byteSize()).copyFrom(object);
  }

  void publish(Stored stored) {
    SegmentFiles.publish(head, stored);
  }

  void retract() {
    SegmentFiles.retract(head);
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
