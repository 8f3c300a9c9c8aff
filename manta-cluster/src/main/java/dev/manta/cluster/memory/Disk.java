package dev.manta.cluster.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** What a store asks of file systems that can be full; a test has one with a quota. */
interface Disk {
  Disk REAL = new Disk() {
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(256 << 10).asReadOnlyBuffer();

    @Override
    public void fill(Path path, FileChannel file, long bytes) throws IOException {
      ByteBuffer chunk = zeros.duplicate();
      for (long at = 0; at < bytes;) {
        chunk.clear().limit((int) Math.min(chunk.capacity(), bytes - at));
        at += file.write(chunk, at);
      }
    }

    @Override
    public long usableBytes(Path directory) {
      return directory.toFile().getUsableSpace(); // a FileStore would read the table of mounts
    }
  };

  /**
   * Writes zeros, so that each page exists.
   *
   * @throws IOException if there is no room for all of them
   */
  void fill(Path path, FileChannel file, long bytes) throws IOException;

  /** What is free in the directory's file system; 0 if it can't say. */
  long usableBytes(Path directory);
}
