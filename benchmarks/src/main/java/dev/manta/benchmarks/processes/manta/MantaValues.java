package dev.manta.benchmarks.processes.manta;

import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.benchmarks.processes.Seconds;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * 50 MB of doubles, put here and read in another process: as memory, of which the reader has a view,
 * and as an array, which is copied out. Something of each page is read.
 */
public final class MantaValues {
  private static final int DOUBLES = 6_250_000;

  /** Of the values with which the code is compiled, in memory that no large one can have afterwards. */
  private static final int FEW_DOUBLES = 1 << 17;

  private static final int ROUNDS_TO_COMPILE = 3_000;
  private static final int WARM_UPS = 20;
  private static final int ROUNDS = 41;
  private static final int HELD = 12;
  private static final int HELD_BEFORE = 5;

  private final double[] values = new double[DOUBLES];
  private final double[] copy = new double[DOUBLES];
  private final double[] memcpyNs = new double[WARM_UPS + ROUNDS];

  private MantaValues() {}

  /**
   * Prints the nanoseconds from the put to the answer of who has read it, in memory that is new
   * because the earlier values are still held, and in memory that other values had before; and those
   * of a copy to a new file in memory, between the former, and from one array to another, between the
   * latter.
   */
  public static void main(String[] args) throws IOException {
    new MantaValues().run();
  }

  private void run() throws IOException {
    Arrays.setAll(values, i -> i);
    double[] few = Arrays.copyOf(values, FEW_DOUBLES);
    try (Manta manta = Workers.start(1)) {
      ActorRef<Counter> reader = Workers.counter(manta, ActorOptions.async());
      for (int i = 0; i < ROUNDS_TO_COMPILE; i++) {
        putAndView(manta, reader, few).release();
        putAndCopy(manta, reader, few).release();
      }
      measureFresh(() -> putAndView(manta, reader, values));
      measure("", () -> putAndView(manta, reader, values));
      measure("array.", () -> putAndCopy(manta, reader, values));
    }
    Seconds.print("memcpy", medianOfRounds(memcpyNs));
  }

  /** Before all else: afterwards there is memory that others had. */
  private void measureFresh(Supplier<ObjectRef<?>> round) throws IOException {
    double[] fresh = new double[HELD];
    double[] copied = new double[HELD];
    List<ObjectRef<?>> held = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      for (int i = 0; i < HELD; i++) {
        long startNs = System.nanoTime();
        held.add(round.get());
        fresh[i] = System.nanoTime() - startNs;
        startNs = System.nanoTime();
        copyToNewFile(arena);
        copied[i] = System.nanoTime() - startNs;
      }
    }
    held.forEach(ObjectRef::release);
    Seconds.print("fresh", Seconds.median(Arrays.copyOfRange(fresh, HELD_BEFORE, HELD)));
    Seconds.print("memcpy.fresh", Seconds.median(Arrays.copyOfRange(copied, HELD_BEFORE, HELD)));
  }

  /** What the host asks for new memory that processes share, which is kept until the arena is closed. */
  private void copyToNewFile(Arena arena) throws IOException {
    Path shared = Path.of("/dev/shm");
    Path file = Files.createTempFile(
        Files.isDirectory(shared) ? shared : Path.of(System.getProperty("java.io.tmpdir")),
        "manta-benchmark-",
        "");
    try (FileChannel channel = FileChannel.open(file, READ, WRITE, DELETE_ON_CLOSE)) {
      MemorySegment source = MemorySegment.ofArray(values);
      channel.map(MapMode.READ_WRITE, 0, source.byteSize(), arena).copyFrom(source);
    }
  }

  private void measure(String kind, Supplier<ObjectRef<?>> round) {
    double[] recycled = new double[WARM_UPS + ROUNDS];
    for (int i = 0; i < recycled.length; i++) {
      long startNs = System.nanoTime();
      ObjectRef<?> ref = round.get();
      recycled[i] = System.nanoTime() - startNs;
      ref.release();
      startNs = System.nanoTime();
      System.arraycopy(values, 0, copy, 0, DOUBLES);
      memcpyNs[i] = System.nanoTime() - startNs;
      values[0] = copy[1] + i;
    }
    Seconds.print(kind + "recycled", medianOfRounds(recycled));
  }

  private static double medianOfRounds(double[] times) {
    return Seconds.median(Arrays.copyOfRange(times, WARM_UPS, times.length));
  }

  private static ObjectRef<?> putAndView(Manta manta, ActorRef<Counter> reader, double[] value) {
    ObjectRef<MemorySegment> ref = manta.put(MemorySegment.ofArray(value));
    check(value, reader.call(c -> c.touch(ref.get())).get(Workers.LIMIT));
    return ref;
  }

  private static ObjectRef<?> putAndCopy(Manta manta, ActorRef<Counter> reader, double[] value) {
    ObjectRef<double[]> ref = manta.put(value);
    check(value, reader.call(c -> c.touch(ref.get())).get(Workers.LIMIT));
    return ref;
  }

  private static void check(double[] put, double read) {
    double sum = 0;
    for (int i = 0; i < put.length; i += Counter.DOUBLES_OF_A_PAGE) {
      sum += put[i];
    }
    if (read != sum) {
      throw new AssertionError("read " + read + " in place of " + sum);
    }
  }
}
