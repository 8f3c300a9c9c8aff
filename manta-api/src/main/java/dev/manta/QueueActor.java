package dev.manta;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The actor behind a {@link RemoteQueue}. Its state needs no lock: it is touched in turns. */
final class QueueActor<T> {
  private final int capacity;
  private final ArrayDeque<T> items = new ArrayDeque<>();
  private final ArrayDeque<CompletableFuture<T>> takers = new ArrayDeque<>();
  private final ArrayDeque<Put<T>> putters = new ArrayDeque<>();

  QueueActor(int capacity) {
    this.capacity = capacity;
  }

  /** An item that waits for room; completes when it is in the queue. */
  private record Put<T>(T item, CompletableFuture<@Nullable Void> entered) {}

  boolean offer(T item) {
    for (CompletableFuture<T> taker = takers.poll(); taker != null; taker = takers.poll()) {
      if (taker.complete(item)) {
        return true;
      }
    }
    if (items.size() >= capacity) {
      return false;
    }
    items.add(item);
    return true;
  }

  /** Adds an item, waiting for room; false if the time is up before. Null is for ever. */
  boolean put(T item, @Nullable Duration timeout) {
    if (putters.isEmpty() && offer(item)) {
      return true;
    }
    Put<T> put = new Put<>(item, new CompletableFuture<>());
    putters.add(put);
    try {
      await(put.entered, timeout);
      return true;
    } catch (GetTimeoutException e) {
      return put.entered.isDone();
    } finally {
      if (!put.entered.isDone()) {
        remove(put);
      }
    }
  }

  /** By identity: equal items may wait more than once. */
  @SuppressWarnings("ReferenceEquality")
  private void remove(Put<T> put) {
    for (Iterator<Put<T>> i = putters.iterator(); i.hasNext();) {
      if (i.next() == put) {
        i.remove();
        return;
      }
    }
  }

  @Nullable T poll() {
    T item = items.poll();
    if (item != null) {
      letIn();
    }
    return item;
  }

  private void letIn() {
    while (items.size() < capacity && !putters.isEmpty()) {
      Put<T> put = putters.remove();
      items.add(put.item);
      put.entered.complete(null);
    }
  }

  /** Takes an item, waiting for one; null if the time is up before. Null is for ever. */
  @SuppressWarnings("UndefinedEquals") // the future itself
  @Nullable T take(@Nullable Duration timeout) {
    T item = poll();
    if (item != null) {
      return item;
    }
    CompletableFuture<T> taker = new CompletableFuture<>();
    takers.add(taker);
    boolean returned = false;
    try {
      T taken = await(taker, timeout);
      returned = true;
      return taken;
    } catch (GetTimeoutException e) {
      returned = true;
      return taker.getNow(null);
    } finally {
      takers.remove(taker);
      if (!returned && taker.isDone()) {
        items.addFirst(taker.join());
      }
    }
  }

  private static <V extends @Nullable Object> V await(
      CompletableFuture<V> stage, @Nullable Duration timeout) {
    return timeout == null ? Manta.await(stage) : Manta.await(stage, timeout);
  }

  int size() {
    return items.size();
  }
}
