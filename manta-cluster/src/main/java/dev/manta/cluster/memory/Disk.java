package dev.manta.cluster.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** What a store asks of file systems that can be full; a test has one with a quota. */
interface Disk {
  Disk REAL = new Disk() {
    // as much as stays in a core's cache between its copies to and from it
    private static final int CHUNK_BYTES = 256 << 10;

    @Override
    public void fill(Path path, FileChannel file, long at, MemorySegment object, long bytes)
        throws IOException {
      int size = (int) Math.min(CHUNK_BYTES, bytes);
      try (Arena arena = Arena.ofConfined()) { // the user may need all direct memory of the JVM
        MemorySegment memory = arena.allocate(size);
        ByteBuffer chunk = memory.asByteBuffer();
        for (long next = 0; next < bytes; next += size) {
          int length = (int) Math.min(size, bytes - next);
          copy(object, at, memory.asSlice(0, length), next);
          write(file, chunk.clear().limit(length), next);
        }
      }
    }

    // what a part of the file has
    private static void copy(MemorySegment object, long at, MemorySegment part, long partAt) {
      long from = Math.max(partAt, at);
      long to = Math.min(partAt + part.byteSize(), at + object.byteSize());
      if (to - from < part.byteSize()) {
        part.fill((byte) 0);
      }
      if (from < to) {
        MemorySegment.copy(object, from - at, part, from - partAt, to - from);
      }
    }

    private static void write(FileChannel file, ByteBuffer chunk, long at) throws IOException {
      for (long next = at; chunk.hasRemaining();) {
        next += file.write(chunk, next);
      }
    }

    @Override
    public long usableBytes(Path directory) {
      return directory.toFile().getUsableSpace(); // a FileStore would read the table of mounts
    }
  };

  /**
   * Writes an object and zeros around it, so that each page exists.
   *
   * @param at where the object begins
   * @param bytes of the whole file
   * @throws IOException if there is no room for all of them
   */
  void fill(Path path, FileChannel file, long at, MemorySegment object, long bytes)
      throws IOException;

  /** What is free in the directory's file system; 0 if it can't say. */
  long usableBytes(Path directory);
}
