package dev.manta.cluster.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills a memory file system of 4 MiB that is its alone, and one of 4 MiB in place of a disk. What
 * {@link StoreLimits} would keep free is not kept, so that the file systems themselves say no.
 */
final class SmallFileSystemProcess implements StoreListener {
  private SmallFileSystemProcess() {}

  public static void main(String[] args) throws Exception {
    Path memory = Path.of(args[0]);
    Path disk = Path.of(args[1]);
    System.out.println("total " + Files.getFileStore(memory).getTotalSpace());
    try (SharedStore store = SharedStore.open(memory.resolve("m"), disk.resolve("s"), 1,
        Folders.limits(64, 64, 64), new SmallFileSystemProcess(), new Blind())) {
      List<Stored> all = new ArrayList<>();
      try {
        for (;;) {
          byte content = (byte) all.size();
          all.add(store.put(Folders.filled(900_000, content)));
        }
      } catch (StoreFullException e) {
        System.out.println("full " + e.getCause());
      }
      System.out.println("in memory " + all.stream().filter(s -> !s.spilled()).count()
          + ", on disk " + all.stream().filter(Stored::spilled).count());
      for (Stored stored : all) {
        byte content = store.view(stored, () -> {}).get(ValueLayout.JAVA_BYTE, 899_999);
        if (content != all.indexOf(stored)) {
          throw new AssertionError("content " + content);
        }
      }
    }
    System.out.println("left " + (Folders.files(memory.resolve("m")).size()
        + Folders.files(disk.resolve("s")).size()));
  }

  /** Doesn't look before it writes. */
  private static final class Blind implements Disk {
    @Override
    public void fill(
        Path path, java.nio.channels.FileChannel file, long at, MemorySegment object, long bytes)
        throws java.io.IOException {
      REAL.fill(path, file, at, object, bytes);
    }

    @Override
    public long usableBytes(Path directory) {
      return Long.MAX_VALUE;
    }
  }

  @Override
  public void pressure(long bytes) {}

  @Override
  public void unmapped(Stored stored) {}
}
