package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import dev.manta.RemoteConsumer;
import dev.manta.RemoteFunction;
import dev.manta.RemoteProducer;
import dev.manta.WhenFull;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A handle to an actor: what is the same wherever that lives. */
abstract class Handle<A> implements ActorRef<A> {
  private static final ActorOptions.Retries NO_RETRIES = new ActorOptions.Retries(0, List.of());

  final CallOptions options;

  Handle(CallOptions options) {
    this.options = options;
  }

  abstract ActorOptions actorOptions();

  abstract Groups groups();

  abstract Pending pending();

  abstract String label();

  /** The same handle, whose calls have other options and the same order. */
  abstract Handle<A> withOptions(CallOptions with);

  /** @param asked what this call does where there is no room; null for what the options say */
  abstract <T extends @Nullable Object> ObjectRef<T> submit(
      Object function, Body body, @Nullable WhenFull asked);

  abstract <T> ObjectStream<T> stream(Object function, Streams.Source source);

  @Override
  public ActorRef<A> with(CallOptions with) {
    Objects.requireNonNull(with, "options");
    if (with.group() != null) {
      var _ = groups().indexOf(with.group(), with);
    }
    return withOptions(with);
  }

  @Override
  public <T extends @Nullable Object> ObjectRef<T> call(
      RemoteFunction<? super A, ? extends T> function) {
    return submit(function, Body.CALL, null);
  }

  @Override
  public ObjectRef<@Nullable Void> run(RemoteConsumer<? super A> function) {
    return submit(function, Body.RUN, null);
  }

  @Override
  public <T extends @Nullable Object> ObjectRef<T> callAsync(
      RemoteFunction<? super A, ? extends CompletionStage<? extends T>> function) {
    return submit(function, Body.CALL_ASYNC, null);
  }

  @Override
  public <T extends @Nullable Object> ObjectRef<T> callWhenRoom(
      RemoteFunction<? super A, ? extends T> function) {
    return submit(function, Body.CALL, WhenFull.WAIT);
  }

  @Override
  public <T> ObjectStream<T> stream(
      RemoteFunction<? super A, ? extends Stream<? extends T>> function) {
    return stream(function, Streams.Source.STREAM);
  }

  @Override
  public <T> ObjectStream<T> stream(RemoteProducer<? super A, T> producer) {
    return stream(producer, Streams.Source.PRODUCER);
  }

  @Override
  public <T> ObjectStream<T> streamIterator(
      RemoteFunction<? super A, ? extends Iterator<? extends T>> function) {
    return stream(function, Streams.Source.ITERATOR);
  }

  @Override
  public <T> ObjectStream<T> streamPublisher(
      RemoteFunction<? super A, ? extends Flow.Publisher<? extends T>> function) {
    return stream(function, Streams.Source.PUBLISHER);
  }

  /** Refuses arguments for which there would never be room. */
  final void ensureFits(int size) {
    if (size > pending().maxBytes()) {
      throw new IllegalArgumentException(
          "the arguments have "
              + size
              + " bytes and "
              + label()
              + " takes "
              + pending().maxBytes()
              + " over all pending calls: put() them and pass the ref, or raise maxPendingBytes");
    }
  }

  /**
   * How often a call is run again: its own setting, or its method's, or the actor's. A stream is not:
   * its reader would have the first elements twice.
   */
  final ActorOptions.Retries retries(Object function, Body body) {
    if (body == Body.INTERNAL) {
      return NO_RETRIES;
    }
    if (options.retries() >= 0) {
      return options.retries() == 0
          ? NO_RETRIES
          : new ActorOptions.Retries(options.retries(), options.retryOn());
    }
    ActorOptions actor = actorOptions();
    Map<String, ActorOptions.Retries> all = actor.methodRetries();
    String method = all.isEmpty() ? null : FunctionShape.of(function).calledMethod(function);
    ActorOptions.Retries own = method == null ? null : all.get(method);
    return own != null
        ? own
        : actor.retries() == 0
            ? NO_RETRIES
        : new ActorOptions.Retries(actor.retries(), actor.retryOn());
  }

  final WhenFull policy(@Nullable WhenFull asked) {
    if (asked != null) {
      return asked;
    }
    WhenFull own = options.whenFull();
    return Entrance.policy(own == null ? actorOptions().whenFull() : own);
  }

  @Override
  public final String toString() {
    return "ActorRef(" + label() + ")";
  }
}
