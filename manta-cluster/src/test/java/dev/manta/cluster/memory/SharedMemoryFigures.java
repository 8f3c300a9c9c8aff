package dev.manta.cluster.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;

/** How long 50 MB of doubles take from one process into another, beside a plain copy; not a test. */
final class SharedMemoryFigures implements StoreListener {
  private static final int DOUBLES = 6_250_000;
  private static final int ROUNDS = 41;

  private final Map<String, double[]> timesMs = new HashMap<>();

  private SharedMemoryFigures() {}

  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      read(Path.of(args[0]), Path.of(args[1]));
      return;
    }
    Folders folders = new Folders();
    try (folders;
        ChildJvm child = new ChildJvm(List.of(), SharedMemoryFigures.class,
            folders.memory.toString(), folders.spill.toString())) {
      new SharedMemoryFigures().measure(folders, child);
    }
  }

  private static StoreLimits limits() {
    return new StoreLimits(1L << 30, 0, 1L << 29, 1L << 30, 0, Duration.ZERO, Duration.ZERO);
  }

  private void measure(Folders folders, ChildJvm child) throws Exception {
    SharedStore store = folders.store(limits());
    double[] values = new double[DOUBLES];
    double[] copy = new double[DOUBLES];
    Arrays.setAll(values, i -> i);
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      MemorySegment.ofArray(copy).copyFrom(MemorySegment.ofArray(values));
      time("memcpy, heap to heap", round, start);
      start = System.nanoTime();
      copy = values.clone();
      time("memcpy, heap to a new array", round, start);

      store.trim();
      child.send("collect -"); // what it views holds pages that are trimmed
      child.line();
      for (String segment : List.of("fresh", "recycled")) {
        start = System.nanoTime();
        Stored stored = SharedValues.putArray(store, values);
        double putMs = time("put, " + segment, round, start);
        for (String how : List.of("view", "read", "sum", "array")) {
          child.send(how + " " + StoringProcess.text(stored));
          double getMs = Double.parseDouble(child.line());
          note("get in another process, " + how, round, getMs);
          note("put " + segment + " + get " + how, round, putMs + getMs);
        }
        store.free(stored);
      }
      child.send("heap -");
      note("sum of an array on the heap", round, Double.parseDouble(child.line()));
    }
    child.send("end -");
    double memcpyMs = median("memcpy, heap to heap");
    timesMs.keySet()
        .stream()
        .sorted()
        .forEach(name -> System.out.printf(
            "%-40s median %6.2f ms, best %6.2f ms, %5.2f x memcpy%n", name, median(name),
            Arrays.stream(timesMs.get(name)).min().orElseThrow(), median(name) / memcpyMs));
  }

  private double time(String name, int round, long start) {
    double ms = (System.nanoTime() - start) / 1e6;
    note(name, round, ms);
    return ms;
  }

  private void note(String name, int round, double ms) {
    timesMs.computeIfAbsent(name, n -> new double[ROUNDS])[round] = ms;
  }

  private double median(String name) {
    double[] sorted = timesMs.get(name).clone();
    Arrays.sort(sorted);
    return sorted[ROUNDS / 2];
  }

  /** In the other process: answers with milliseconds. */
  private static void read(Path memory, Path spill) {
    double[] heap = new double[DOUBLES];
    Arrays.setAll(heap, i -> i);
    try (SharedStore store = SharedStore.open(memory, spill, 2, limits(),
        new SharedMemoryFigures());
        Scanner in = new Scanner(System.in, java.nio.charset.StandardCharsets.UTF_8)) {
      while (in.hasNext()) {
        String how = in.next();
        String descriptor = in.next();
        if (how.equals("end")) {
          return;
        }
        long start = System.nanoTime();
        double result = switch (how) {
          case "view" -> touchEachPage(store.view(StoringProcess.stored(descriptor), () -> {}));
          case "read" -> store.read(StoringProcess.stored(descriptor), s -> touchEachPage(s));
          case "sum" -> store.read(StoringProcess.stored(descriptor), s -> sum(s));
          case "array" -> SharedValues.doubles(store, StoringProcess.stored(descriptor))[7];
          case "heap" -> sum(heap);
          default -> collect();
        };
        double ms = (System.nanoTime() - start) / 1e6;
        if (result == 1) {
          throw new AssertionError("not what was put");
        }
        System.out.println(ms);
      }
    }
  }

  private static double touchEachPage(MemorySegment segment) {
    double sum = 0;
    for (long at = 0; at < segment.byteSize(); at += 4096) {
      sum += segment.get(ValueLayout.JAVA_DOUBLE, at);
    }
    return sum;
  }

  private static double collect() {
    System.gc();
    return 0;
  }

  private static double sum(MemorySegment segment) {
    double sum = 0;
    for (int i = 0; i < DOUBLES; i++) {
      sum += segment.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
    }
    return sum;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  @Override
  public void pressure(long bytes) {}

  @Override
  public void unmapped(Stored stored) {}
}
