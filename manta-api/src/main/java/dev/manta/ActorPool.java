package dev.manta;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Spreads calls over several actors of one class: each gets as many at once as it has capacity, the
 * others wait here, first come first served. Belongs to the process that made it; may be used by any
 * thread. Waits as {@link ObjectRef#get()} does.
 *
 * @param <A> the class of the actors
 * @param <T> what the calls return
 */
public final class ActorPool<A, T extends @Nullable Object> {
  private final int callsPerActor;
  private final Object lock = new Object();
  private final Map<ActorRef<A>, Integer> running = new LinkedHashMap<>();
  private final ArrayDeque<Entry<A, T>> waiting = new ArrayDeque<>();
  private final ArrayDeque<Entry<A, T>> submitted = new ArrayDeque<>();
  private final ArrayDeque<Entry<A, T>> completed = new ArrayDeque<>();
  private @Nullable CompletableFuture<@Nullable Void> arrival;

  private ActorPool(int callsPerActor) {
    this.callsPerActor = callsPerActor;
  }

  /** One submitted call. */
  private static final class Entry<A, T extends @Nullable Object> {
    final RemoteFunction<? super A, ? extends T> function;
    final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    @Nullable ObjectRef<T> ref;
    @Nullable RuntimeException refused;
    boolean read;

    Entry(RemoteFunction<? super A, ? extends T> function) {
      this.function = function;
    }

    T result() {
      RuntimeException e = refused;
      if (e != null) {
        throw e;
      }
      return Objects.requireNonNull(ref).get();
    }
  }

  /** A pool that gives each actor one call at once. */
  public static <A, T extends @Nullable Object> ActorPool<A, T> of(
      Collection<ActorRef<A>> actors) {
    return of(actors, 1);
  }

  /**
   * A pool that gives each actor several calls at once.
   *
   * @param callsPerActor for async and threaded actors at most their max concurrency makes sense
   */
  public static <A, T extends @Nullable Object> ActorPool<A, T> of(
      Collection<ActorRef<A>> actors, int callsPerActor) {
    Checks.positive(callsPerActor, "callsPerActor");
    ActorPool<A, T> pool = new ActorPool<>(callsPerActor);
    for (ActorRef<A> actor : actors) {
      pool.push(actor);
    }
    return pool;
  }

  /** Has a call made by the next actor that is free. */
  public void submit(RemoteFunction<? super A, ? extends T> function) {
    Objects.requireNonNull(function, "function");
    Entry<A, T> entry = new Entry<>(function);
    synchronized (lock) {
      submitted.add(entry);
      waiting.add(entry);
    }
    dispatch();
  }

  private void dispatch() {
    for (;;) {
      Entry<A, T> entry;
      ActorRef<A> actor;
      synchronized (lock) {
        actor = waiting.isEmpty() ? null : free();
        if (actor == null) {
          return;
        }
        entry = waiting.remove();
        running.merge(actor, 1, Integer::sum);
      }
      start(entry, actor);
    }
  }

  private @Nullable ActorRef<A> free() {
    ActorRef<A> least = null;
    int calls = callsPerActor;
    for (Map.Entry<ActorRef<A>, Integer> e : running.entrySet()) {
      if (e.getValue() < calls) {
        least = e.getKey();
        calls = e.getValue();
      }
    }
    return least;
  }

  private void start(Entry<A, T> entry, ActorRef<A> actor) {
    ObjectRef<T> ref;
    try {
      ref = actor.call(entry.function);
    } catch (RuntimeException e) {
      entry.refused = e;
      ended(entry, actor);
      return;
    }
    entry.ref = ref;
    var _ = ref.whenComplete((value, error) -> ended(entry, actor));
  }

  private void ended(Entry<A, T> entry, ActorRef<A> actor) {
    CompletableFuture<@Nullable Void> told;
    synchronized (lock) {
      running.computeIfPresent(actor, (a, calls) -> calls - 1);
      if (!entry.read) {
        completed.add(entry);
      }
      told = arrival;
      arrival = null;
    }
    entry.done.complete(null);
    if (told != null) {
      told.complete(null);
    }
    dispatch();
  }

  /**
   * The result of the earliest call that was not read yet; waits for it.
   *
   * @throws NoSuchElementException if there is none
   * @throws MantaException if the call failed
   */
  public T next() {
    return next(Duration.ofNanos(Long.MAX_VALUE));
  }

  /**
   * As {@link #next()}, for at most {@code timeout}.
   *
   * @throws GetTimeoutException if the time is up; the next call of this method waits on
   */
  public T next(Duration timeout) {
    Checks.notNegative(timeout, "timeout");
    Entry<A, T> entry;
    synchronized (lock) {
      entry = submitted.peek();
    }
    if (entry == null) {
      throw nothingLeft();
    }
    var _ = Manta.await(entry.done, timeout);
    take(entry);
    return entry.result();
  }

  /** The result of a call that was not read yet, whichever is first complete. */
  public T nextUnordered() {
    return nextUnordered(Duration.ofNanos(Long.MAX_VALUE));
  }

  /**
   * As {@link #nextUnordered()}, for at most {@code timeout}.
   *
   * @throws GetTimeoutException if the time is up; the next call of this method waits on
   */
  public T nextUnordered(Duration timeout) {
    Checks.notNegative(timeout, "timeout");
    for (;;) {
      CompletableFuture<@Nullable Void> wait;
      synchronized (lock) {
        Entry<A, T> entry = completed.poll();
        if (entry != null) {
          take(entry);
          return entry.result();
        }
        if (submitted.isEmpty()) {
          throw nothingLeft();
        }
        if (arrival == null) {
          arrival = new CompletableFuture<>();
        }
        wait = arrival;
      }
      var _ = Manta.await(wait, timeout);
    }
  }

  private void take(Entry<A, T> entry) {
    synchronized (lock) {
      entry.read = true;
      dropRead(submitted);
      dropRead(completed);
    }
  }

  /** Keeps the first entry of a line an unread one. */
  private static void dropRead(ArrayDeque<? extends Entry<?, ?>> line) {
    for (Entry<?, ?> first = line.peek(); first != null && first.read; first = line.peek()) {
      line.remove();
    }
  }

  private static NoSuchElementException nothingLeft() {
    return new NoSuchElementException("no result is left: submit a call first");
  }

  /** Whether results are left to read. */
  public boolean hasNext() {
    synchronized (lock) {
      return !submitted.isEmpty();
    }
  }

  /** Whether an actor is free. */
  public boolean hasFree() {
    synchronized (lock) {
      return free() != null;
    }
  }

  /**
   * Adds an actor, which takes waiting calls at once.
   *
   * @throws IllegalArgumentException if it is in the pool already
   */
  public void push(ActorRef<A> actor) {
    Objects.requireNonNull(actor, "actor");
    synchronized (lock) {
      if (running.putIfAbsent(actor, 0) != null) {
        throw new IllegalArgumentException(actor + " is in this pool already");
      }
    }
    dispatch();
  }

  /** Takes an actor out that has no call now. */
  public Optional<ActorRef<A>> popIdle() {
    synchronized (lock) {
      for (Map.Entry<ActorRef<A>, Integer> e : running.entrySet()) {
        if (e.getValue() == 0) {
          running.remove(e.getKey());
          return Optional.of(e.getKey());
        }
      }
      return Optional.empty();
    }
  }

  /** One call for each value, results in the order of the values: lazily as they are read. */
  public <V> Stream<T> map(
      Collection<V> values, Function<? super V, RemoteFunction<? super A, ? extends T>> call) {
    return map(values, call, this::next);
  }

  /** One call for each value, results as they complete: lazily as they are read. */
  public <V> Stream<T> mapUnordered(
      Collection<V> values, Function<? super V, RemoteFunction<? super A, ? extends T>> call) {
    return map(values, call, this::nextUnordered);
  }

  private <V> Stream<T> map(
      Collection<V> values,
      Function<? super V, RemoteFunction<? super A, ? extends T>> call,
      java.util.function.Supplier<T> next) {
    Objects.requireNonNull(values, "values");
    Objects.requireNonNull(call, "call");
    if (hasNext()) {
      throw new IllegalStateException("this pool has unread results: read them before map");
    }
    for (V value : values) {
      submit(call.apply(value));
    }
    return Stream.generate(next).limit(values.size());
  }
}
