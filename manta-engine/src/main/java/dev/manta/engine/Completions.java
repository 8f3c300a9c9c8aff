package dev.manta.engine;

import dev.manta.GetTimeoutException;
import dev.manta.ObjectRef;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Waits for several refs. */
final class Completions {
  private final Engine engine;
  private final ArrayDeque<StageRef<?>> completed = new ArrayDeque<>();
  private final List<Ref<?>> pending;
  private @Nullable Ref<@Nullable Void> signal;

  private Completions(Engine engine, List<? extends StageRef<?>> refs) {
    this.engine = engine;
    this.pending = refs.stream().<Ref<?>>map(StageRef::origin).toList();
  }

  /** A sign of life of a wait for several refs, of which a number must complete. */
  static final class Several extends Ref<@Nullable Void> {
    final List<Ref<?>> refs;
    final int wanted;

    Several(Engine engine, List<Ref<?>> refs, int wanted) {
      super(engine);
      this.refs = refs;
      this.wanted = wanted;
    }
  }

  private void watch(StageRef<?> ref, List<Runnable> undo) {
    Waiter waiter =
        new Waiter() {
          @Override
          void completed(Ref<?> origin) {
            add(ref);
          }
        };
    if (ref.origin().subscribe(waiter)) {
      undo.add(
          () -> {
            if (!ref.isDone()) {
              ref.origin().abandon(waiter);
            }
          });
    } else {
      add(ref);
    }
  }

  private void add(StageRef<?> ref) {
    Ref<@Nullable Void> told;
    synchronized (this) {
      completed.add(ref);
      told = signal;
      signal = null;
    }
    if (told != null) {
      told.complete(null);
    }
  }

  /**
   * The next ref to complete; null if the time is up before.
   *
   * @param wanted how many of all refs must complete before the caller goes on
   */
  private @Nullable StageRef<?> next(long timeoutNs, int wanted) {
    long start = timeoutNs == Waits.FOREVER ? 0 : engine.host.nanoTime();
    for (;;) {
      Ref<@Nullable Void> wait;
      synchronized (this) {
        StageRef<?> ref = completed.poll();
        if (ref != null) {
          return ref;
        }
        if (signal == null) {
          signal = new Several(engine, pending, wanted);
        }
        wait = signal;
      }
      long left =
          timeoutNs == Waits.FOREVER
              ? Waits.FOREVER
              : timeoutNs - (engine.host.nanoTime() - start);
      if (left <= 0 || !Waits.within(wait, left)) {
        return null;
      }
    }
  }

  /** Waits until all are complete, or one has failed. */
  static <T extends @Nullable Object> void untilAllOrError(
      Engine engine, List<StageRef<T>> refs) {
    await(engine, refs, refs.size(), Waits.FOREVER, true);
  }

  /** Waits until {@code count} are complete or the time is up. */
  static <T extends @Nullable Object> void untilCount(
      Engine engine, List<StageRef<T>> refs, int count, long timeoutNs) {
    await(engine, refs, count, timeoutNs, false);
  }

  private static <T extends @Nullable Object> void await(
      Engine engine, List<StageRef<T>> refs, int count, long timeoutNs, boolean throwing) {
    Completions completions = new Completions(engine, refs);
    List<Runnable> undo = new java.util.ArrayList<>();
    try {
      for (StageRef<T> ref : refs) {
        completions.watch(ref, undo);
      }
      for (int n = 0; n < count; n++) {
        StageRef<?> ref = completions.next(timeoutNs, count);
        if (ref == null) {
          return;
        }
        if (throwing) {
          var _ = ref.now();
        }
      }
    } finally {
      undo.forEach(Runnable::run);
    }
  }

  /** The refs as they complete. */
  @SuppressWarnings("unchecked")
  static <T extends @Nullable Object> Stream<ObjectRef<T>> inOrder(
      Engine engine, List<StageRef<T>> refs) {
    Completions completions = new Completions(engine, refs);
    List<Runnable> undo = new java.util.ArrayList<>();
    for (StageRef<T> ref : refs) {
      completions.watch(ref, undo);
    }
    Spliterator<ObjectRef<T>> spliterator =
        new Spliterators.AbstractSpliterator<>(refs.size(), Spliterator.SIZED) {
          private int left = refs.size();

          @Override
          public boolean tryAdvance(Consumer<? super ObjectRef<T>> action) {
            if (left == 0) {
              return false;
            }
            StageRef<?> ref = completions.next(Waits.FOREVER, refs.size() - left + 1);
            if (ref == null) {
              throw new GetTimeoutException("no ref completed");
            }
            left--;
            action.accept((ObjectRef<T>) ref);
            return true;
          }
        };
    return StreamSupport.stream(spliterator, false).onClose(() -> undo.forEach(Runnable::run));
  }
}
