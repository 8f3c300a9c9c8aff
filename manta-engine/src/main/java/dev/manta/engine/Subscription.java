package dev.manta.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One subscriber of a stream: hands it elements as it asks for them, one signal at a time. */
final class Subscription<E> implements Flow.Subscription, Runnable {
  /** Keeps the stream alive. */
  private @Nullable StreamHandle<?> stream;

  private final Channel channel;
  private final Executor place;
  private final Engine engine;
  private final Function<Object, E> decode;
  private volatile Flow.@Nullable Subscriber<? super E> subscriber;
  private final AtomicLong requested = new AtomicLong();
  private final AtomicInteger signals = new AtomicInteger();
  private volatile boolean cancelled;
  private volatile boolean badRequest;
  private boolean greeted;
  private boolean refused;

  Subscription(
      StreamHandle<?> stream,
      Engine engine,
      Channel channel,
      Function<Object, E> decode,
      Flow.Subscriber<? super E> subscriber) {
    this.stream = stream;
    this.engine = engine;
    this.channel = channel;
    this.decode = decode;
    this.subscriber = subscriber;
    Runner runner = Runner.current();
    this.place =
        engine.context.carrying(runner == null ? engine.callbacks() : runner.place());
  }

  /** Greets the subscriber; refuses it at once if it is not the first. */
  void begin(boolean first) {
    refused = !first;
    if (first) {
      channel.listen(this::signal);
    }
    signal();
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      badRequest = true;
    } else {
      requested.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
    }
    signal();
  }

  @Override
  public void cancel() {
    cancelled = true;
    signal();
  }

  private void signal() {
    if (signals.getAndIncrement() == 0) {
      place.execute(this);
    }
  }

  @Override
  public void run() {
    int handled = signals.get();
    for (;;) {
      try {
        step();
      } catch (Throwable e) {
        cancelled = true;
        finish();
        engine.host.report("a subscriber threw, its stream is cancelled", e);
      }
      int left = signals.addAndGet(-handled);
      if (left == 0) {
        return;
      }
      handled = left;
    }
  }

  private void step() {
    Flow.Subscriber<? super E> to = subscriber;
    if (to == null) {
      return;
    }
    if (!greeted) {
      greeted = true;
      to.onSubscribe(this);
      if (refused) {
        subscriber = null;
        stream = null;
        to.onError(new IllegalStateException("this stream has a consumer already"));
        return;
      }
    }
    for (;;) {
      if (cancelled) {
        finish();
        return;
      }
      if (badRequest) {
        finish();
        to.onError(
            new IllegalArgumentException("request(n) must ask for 1 or more (rule 3.9)"));
        return;
      }
      if (channel.isAtEnd()) {
        Throwable error = channel.takeError();
        subscriber = null;
        stream = null;
        if (error == null) {
          to.onComplete();
        } else {
          to.onError(error);
        }
        return;
      }
      if (requested.get() == 0) {
        return;
      }
      Object element = channel.poll();
      if (element == null) {
        return;
      }
      if (requested.get() != Long.MAX_VALUE) {
        requested.decrementAndGet();
      }
      to.onNext(decode.apply(element));
    }
  }

  private void finish() {
    subscriber = null;
    StreamHandle<?> s = stream;
    stream = null;
    if (s != null && !refused) {
      s.close();
    }
  }
}
