package dev.manta.engine;

import dev.manta.Emitter;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The producer's end of a stream, on the thread of its call. */
final class Production implements Emitter<Object> {
  private final Engine engine;
  private final Channel channel;
  private @Nullable Thread thread;

  Production(Engine engine, Channel channel) {
    this.engine = engine;
    this.channel = channel;
    this.thread = null;
  }

  @Override
  public void emit(Object element) {
    java.util.Objects.requireNonNull(element, "a stream has no null elements");
    if (thread == null) {
      thread = Thread.currentThread();
    }
    if (thread != Thread.currentThread()) {
      throw new IllegalStateException(
          "emit was called by another thread than the producer's, or after the producer's end: the"
              + " elements of a stream come from one call");
    }
    Object copy = engine.copies.copied(element, "an element of a stream");
    try {
      channel.put(java.util.Objects.requireNonNull(copy));
    } catch (CancellationException e) {
      Runner runner = Runner.current();
      Work<?> work = runner == null ? null : runner.ownWork();
      if (work != null) {
        work.learntOfCancel();
      }
      throw e;
    }
  }

  /** No more elements may come. */
  void close() {
    thread = ENDED;
  }

  private static final Thread ENDED = new Thread(() -> {});

  void all(Iterator<?> elements) {
    while (elements.hasNext()) {
      emit(java.util.Objects.requireNonNull(elements.next(), "a stream has no null elements"));
    }
  }

  /** Emits what a publisher publishes, asking for as much as there is room. */
  void all(Flow.Publisher<?> publisher) {
    Inlet inlet = new Inlet();
    publisher.subscribe(inlet);
    try {
      for (Object o = inlet.next(); o != null; o = inlet.next()) {
        emit(o);
      }
    } finally {
      inlet.cancel();
    }
  }

  /** Takes elements from a publisher, a few ahead. */
  private final class Inlet implements Flow.Subscriber<Object> {
    private static final int AHEAD = 32;
    private final ArrayDeque<Object> taken = new ArrayDeque<>();
    private Flow.@Nullable Subscription subscription;
    private @Nullable Ref<@Nullable Void> arrival;
    private @Nullable Throwable error;
    private boolean ended;
    private int read;

    @Override
    public void onSubscribe(Flow.Subscription s) {
      boolean first;
      synchronized (this) {
        first = subscription == null;
        if (first) {
          subscription = s;
        }
      }
      if (first) {
        s.request(AHEAD);
      } else {
        s.cancel();
      }
    }

    @Override
    public void onNext(Object element) {
      Ref<@Nullable Void> wake;
      synchronized (this) {
        if (taken.size() >= AHEAD) {
          throw new IllegalStateException("the publisher published more than was requested");
        }
        taken.add(element);
        wake = arrival;
        arrival = null;
      }
      if (wake != null) {
        wake.complete(null);
      }
    }

    @Override
    public void onError(Throwable thrown) {
      end(thrown);
    }

    @Override
    public void onComplete() {
      end(null);
    }

    private void end(@Nullable Throwable with) {
      Ref<@Nullable Void> wake;
      synchronized (this) {
        ended = true;
        error = with;
        wake = arrival;
        arrival = null;
      }
      if (wake != null) {
        wake.complete(null);
      }
    }

    @Nullable Object next() {
      for (;;) {
        Ref<@Nullable Void> wait;
        Object o;
        Flow.Subscription asked = null;
        synchronized (this) {
          o = taken.poll();
          if (o != null && ++read == AHEAD / 2) {
            read = 0;
            asked = subscription;
          }
        }
        if (asked != null) {
          asked.request(AHEAD / 2); // the publisher's code: under no monitor of ours
        }
        if (o != null) {
          return o;
        }
        synchronized (this) {
          if (!taken.isEmpty()) {
            continue;
          }
          if (ended) {
            rethrow(error);
            return null;
          }
          if (arrival == null) {
            arrival = new Ref<>(engine);
          }
          wait = arrival;
        }
        Waits.untilDone(wait, Waits.FOREVER);
      }
    }

    private void rethrow(@Nullable Throwable e) {
      switch (e) {
        case null -> {}
        case RuntimeException r -> throw r;
        case Error r -> throw r;
        default -> throw new java.util.concurrent.CompletionException(e);
      }
    }

    void cancel() {
      Flow.Subscription s;
      synchronized (this) {
        s = ended ? null : subscription;
      }
      if (s != null) {
        s.cancel();
      }
    }
  }
}
