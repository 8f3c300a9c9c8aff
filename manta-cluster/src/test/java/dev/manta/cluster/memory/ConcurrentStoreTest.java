package dev.manta.cluster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConcurrentStoreTest {
  private static final int THREADS = 8;
  private static final int ROUNDS = 400;

  private final Folders folders = new Folders();
  private final AtomicInteger spilled = new AtomicInteger();

  /** Each object has one number in all its longs: a segment that is recycled too early shows. */
  private record Put(Stored stored, long number, int longs) {}

  private Put put(SharedStore store, Random random) {
    long number = random.nextLong();
    int longs = 12_000 + random.nextInt(20_000);
    long[] object = new long[longs];
    Arrays.fill(object, number);
    Stored stored = store.put(MemorySegment.ofArray(object));
    if (stored.spilled()) {
      spilled.incrementAndGet();
    }
    return new Put(stored, number, longs);
  }

  private static void mapAndFree(Put put, SharedStore store, SharedStore reader, Random random) {
    Stored stored = put.stored;
    boolean unlink = random.nextInt(4) == 0;
    try (Mapped own = store.map(stored); Mapped others = reader.map(stored)) {
      if (unlink) {
        assertThat(store.unlink(stored)).isTrue();
      }
      check(own.segment(), put.number, put.longs);
      check(others.segment(), put.number, put.longs);
    }
    if (!unlink) {
      reader.read(stored, segment -> {
        check(segment, put.number, put.longs);
        return null;
      });
    }
    assertThat(store.free(stored)).isTrue();
    assertThat(store.free(stored)).isFalse();
  }

  /** What a thread holds at once is more than the memory may have. */
  private void putMapAndFree(SharedStore store, SharedStore reader, Random random) {
    ArrayDeque<Put> held = new ArrayDeque<>();
    for (int i = 0; i < ROUNDS; i++) {
      held.add(put(store, random));
      if (held.size() > 12) {
        mapAndFree(held.remove(), store, reader, random);
      }
    }
    for (Put put : held) {
      mapAndFree(put, store, reader, random);
    }
  }

  private static void check(MemorySegment segment, long number, int longs) {
    assertThat(segment.byteSize()).isEqualTo(longs * 8L);
    for (int i = 0; i < longs; i++) {
      if (segment.getAtIndex(ValueLayout.JAVA_LONG, i) != number) {
        fail("another object at " + i);
      }
    }
  }

  @Test
  void manyThreads_putMapAndFree_andTheCountersComeBackToZero() throws Exception {
    long seed = System.nanoTime();
    try (folders; ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      SharedStore store = folders.store(1, Folders.limits(1, 1, 64), Disk.REAL);
      SharedStore reader = folders.store(2, Folders.limits(1, 1, 64), Disk.REAL);
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        Random random = new Random(seed + t);
        all.add(threads.submit(() -> putMapAndFree(store, reader, random)));
      }
      for (Future<?> future : all) {
        future.get(50, TimeUnit.SECONDS);
      }

      store.trim();
      assertThat(store.usage()).as("seed %d", seed)
          .isEqualTo(new StoreUsage(0, 0, 0, 0, 0, Folders.limits(1, 1, 64)));
      assertThat(reader.usage().mappings()).isZero();
      assertThat(spilled.get()).as("some found no room in memory").isPositive();
      assertThat(Folders.files(folders.memory)).isEmpty();
      assertThat(Folders.files(folders.spill)).isEmpty();
    }
  }

  /** One free of many is the first. */
  @Test
  void objectsThatManyThreadsFree_areFreedOnce() throws Exception {
    try (folders; ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      SharedStore store = folders.store(Folders.limits(64, 64, 0));
      ConcurrentLinkedQueue<Stored> stored = new ConcurrentLinkedQueue<>();
      AtomicInteger freed = new AtomicInteger();
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 3_000; i++) {
        stored.add(store.put(Folders.filled(1_000, 0)));
      }
      CyclicBarrier together = new CyclicBarrier(THREADS);
      for (int t = 0; t < THREADS; t++) {
        boolean unlinks = t % 2 == 0;
        all.add(threads.submit(() -> {
          together.await(20, TimeUnit.SECONDS);
          for (Stored s : stored) {
            if (unlinks) {
              store.unlink(s);
            }
            if (store.free(s)) {
              freed.incrementAndGet();
            }
          }
          return null;
        }));
      }
      for (Future<?> future : all) {
        future.get(50, TimeUnit.SECONDS);
      }

      assertThat(freed.get()).isEqualTo(3_000);
      assertThat(store.usage().usedBytes() + store.usage().unlinkedBytes()).isZero();
    }
  }

  @Test
  void storeThatClosesUnderPuts_leavesNothing() throws Exception {
    for (int round = 0; round < 20; round++) {
      try (Folders each = new Folders();
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        SharedStore store = each.store(Folders.limits(64, 16, 64));
        CountDownLatch enough = new CountDownLatch(20 + round);
        AtomicInteger puts = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
          all.add(threads.submit(() -> {
            try {
              for (;;) {
                Stored stored = store.put(Folders.filled(150_000, 1));
                enough.countDown();
                if (puts.incrementAndGet() % 2 == 0) {
                  store.free(stored);
                } else if (puts.get() > 300) {
                  store.unlink(stored);
                }
              }
            } catch (IllegalStateException e) {
              return; // closed
            }
          }));
        }
        assertThat(enough.await(20, TimeUnit.SECONDS)).isTrue();

        store.close();

        for (Future<?> future : all) {
          future.get(20, TimeUnit.SECONDS);
        }
        assertThat(Folders.files(each.memory)).isEmpty();
      }
    }
    folders.store(Folders.limits(1, 1, 1));
    folders.close();
  }
}
