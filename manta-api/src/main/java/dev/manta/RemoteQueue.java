package dev.manta;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A bounded first-in first-out queue that tasks and actors anywhere can share: pass it like any
 * value. Its methods wait as {@link ObjectRef#get()} does: inside an actor they are await points.
 * Items are copied. The queue lives while anybody holds it.
 *
 * @param <T> the items; not null
 */
public final class RemoteQueue<T> {
  private static final int MAX_WAITING = 1_000_000;

  private final ActorRef<QueueActor<T>> actor;
  private final int capacity;

  private RemoteQueue(ActorRef<QueueActor<T>> actor, int capacity) {
    this.actor = actor;
    this.capacity = capacity;
  }

  /**
   * A new, empty queue.
   *
   * @param capacity the most items in it
   */
  public static <T> RemoteQueue<T> create(Manta manta, int capacity) {
    Checks.positive(capacity, "capacity");
    return new RemoteQueue<>(
        manta.actor(
            ActorOptions.async().maxConcurrency(MAX_WAITING), () -> new QueueActor<T>(capacity)),
        capacity);
  }

  /** Adds an item if there is room now; whether it did. */
  public boolean offer(T item) {
    Objects.requireNonNull(item, "item");
    return actor.<Boolean>call(q -> q.offer(item)).get();
  }

  /** Adds an item if there is room within a time; whether it did. */
  public boolean offer(T item, Duration timeout) {
    Objects.requireNonNull(item, "item");
    Duration time = Checks.notNegative(timeout, "timeout");
    return actor.<Boolean>call(q -> q.put(item, time)).get();
  }

  /** Adds an item, waiting for room. */
  public void put(T item) {
    Objects.requireNonNull(item, "item");
    var _ = actor.<Boolean>call(q -> q.put(item, null)).get();
  }

  /** Takes the first item, or null if there is none now. */
  public @Nullable T poll() {
    return actor.<@Nullable T>call(q -> q.poll()).get();
  }

  /** Takes the first item, or null if there is none within a time. */
  public @Nullable T poll(Duration timeout) {
    Duration time = Checks.notNegative(timeout, "timeout");
    return actor.<@Nullable T>call(q -> q.take(time)).get();
  }

  /** Takes the first item, waiting for one. */
  public T take() {
    return Objects.requireNonNull(actor.<@Nullable T>call(q -> q.take(null)).get());
  }

  /** The items in it now. */
  public int size() {
    return actor.<Integer>call(q -> q.size()).get();
  }

  /** The most items in it. */
  public int capacity() {
    return capacity;
  }
}
