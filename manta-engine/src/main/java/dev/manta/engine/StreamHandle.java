package dev.manta.engine;

import dev.manta.CancelScope;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** The consumer's end of a stream. The producer is cancelled when this is unreachable. */
final class StreamHandle<T> implements ObjectStream<T> {
  private final Engine engine;
  private final Channel channel;
  private final Work<?> producer;
  private final AtomicBoolean consumed = new AtomicBoolean();

  StreamHandle(Engine engine, Channel channel, Work<?> producer) {
    this.engine = engine;
    this.channel = channel;
    this.producer = producer;
  }

  private void consume() {
    if (!consumed.compareAndSet(false, true)) {
      throw new IllegalStateException("this stream has a consumer already: it can be read once");
    }
  }

  @SuppressWarnings("unchecked")
  private T value(Object element) {
    Object value = element;
    if (element instanceof Copied c) {
      try {
        value = c.another(engine);
      } finally {
        c.letGo();
      }
    }
    return (T) java.util.Objects.requireNonNull(value);
  }

  private ObjectRef<T> ref(Object element) {
    Ref<T> ref = new Ref<>(engine);
    ref.complete(element);
    return ref;
  }

  @Override
  public Iterator<T> iterator() {
    consume();
    return new Elements<>(this, this::value);
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    subscribe(subscriber, this::value);
  }

  private <E> void subscribe(Flow.Subscriber<? super E> subscriber, Function<Object, E> decode) {
    java.util.Objects.requireNonNull(subscriber, "subscriber");
    boolean first = consumed.compareAndSet(false, true);
    new Subscription<>(this, engine, channel, decode, subscriber).begin(first);
  }

  @Override
  public ObjectStream<ObjectRef<T>> refs() {
    if (consumed.get()) {
      throw new IllegalStateException("this stream has a consumer already: it can be read once");
    }
    return new Refs();
  }

  @Override
  public boolean cancel() {
    return producer.cancel(CancelScope.WITH_CHILDREN);
  }

  @Override
  public void close() {
    var _ = cancel(); // first, so that the producer does not use the room of what is dropped
    channel.abandon();
  }

  /** The same stream as refs. */
  private final class Refs implements ObjectStream<ObjectRef<T>> {
    @Override
    public Iterator<ObjectRef<T>> iterator() {
      consume();
      return new Elements<>(StreamHandle.this, StreamHandle.this::ref);
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ObjectRef<T>> subscriber) {
      StreamHandle.this.subscribe(subscriber, StreamHandle.this::ref);
    }

    @Override
    public ObjectStream<ObjectRef<ObjectRef<T>>> refs() {
      throw new IllegalStateException("these are refs already");
    }

    @Override
    public boolean cancel() {
      return StreamHandle.this.cancel();
    }

    @Override
    public void close() {
      StreamHandle.this.close();
    }
  }

  /** Reads element by element; throws the error once, and then has ended. */
  private static final class Elements<E> implements Iterator<E> {
    private final StreamHandle<?> stream;
    private final Function<Object, E> decode;

    /** What was there when it looked last, so that it does not meet the producer at each element. */
    private final ArrayDeque<Object> taken = new ArrayDeque<>();

    private boolean over;

    Elements(StreamHandle<?> stream, Function<Object, E> decode) {
      this.stream = stream;
      this.decode = decode;
    }

    @Override
    public boolean hasNext() {
      if (stream.channel.isAbandoned()) {
        taken.clear();
      }
      if (!taken.isEmpty()) {
        return true;
      }
      if (over) {
        return false;
      }
      stream.channel.untilReadable();
      stream.channel.lendAll(taken);
      if (!taken.isEmpty()) {
        return true;
      }
      over = !stream.channel.hasError();
      return !over;
    }

    @Override
    public E next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the stream has ended");
      }
      Object element = taken.poll();
      if (element != null) {
        stream.channel.read(1);
        return decode.apply(element);
      }
      over = true;
      Throwable error = stream.channel.takeError();
      if (error == null) {
        throw new NoSuchElementException("the stream has ended");
      }
      throw new Ref.Failure(error).rethrown();
    }
  }
}
