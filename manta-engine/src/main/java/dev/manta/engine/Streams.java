package dev.manta.engine;

import dev.manta.ObjectStream;
import dev.manta.RemoteFunction;
import dev.manta.RemoteProducer;
import dev.manta.RemoteSupplier;
import dev.manta.TaskProducer;
import java.util.Iterator;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts the producers of streams. */
final class Streams {
  static final int TASK_BUFFER = 64;

  private Streams() {}

  /** What a stream's function gives. */
  enum Source {
    STREAM,
    ITERATOR,
    PUBLISHER,
    PRODUCER
  }

  static <T> ObjectStream<T> ofActor(ActorHandle<?> actor, Object function, Source source) {
    ActorCell cell = actor.cell;
    Channel channel =
        new Channel(cell.engine, cell.options.streamBuffer(), cell.streamSlots());
    Function<Object, Body.Internal> code =
        f -> instance -> produce(f, source, instance, new Production(cell.engine, channel));
    return begin(cell.engine, channel, actor.submitInternal(function, code));
  }

  static <T> ObjectStream<T> ofTask(Engine engine, Object function, Source source) {
    Peers peers = engine.peers();
    if (peers != null) {
      return peers.tasks.stream(function, source);
    }
    Channel channel = new Channel(engine, TASK_BUFFER, null);
    Function<Object, Body.Internal> code =
        f -> nothing -> produce(f, source, null, new Production(engine, channel));
    return begin(engine, channel, engine.tasks.submitInternal(function, code));
  }

  static <T> ObjectStream<T> begin(Engine engine, Channel channel, Work<?> producer) {
    Waiter end =
        new Waiter() {
          @Override
          void completed(Ref<?> ref) {
            channel.end(ref.error());
          }
        };
    if (!producer.subscribe(end)) {
      end.completed(producer);
    }
    StreamHandle<T> handle = new StreamHandle<>(engine, channel, producer);
    engine.host.whenUnreachable(
        handle,
        () -> {
          producer.cancel();
          channel.abandon();
        });
    return handle;
  }

  @SuppressWarnings("unchecked")
  static @Nullable Object produce(
      Object function, Source source, @Nullable Object instance, Production out) throws Exception {
    try {
      switch (source) {
        case STREAM -> {
          try (Stream<?> stream = (Stream<?>) result(function, instance)) {
            out.all(stream.iterator());
          }
        }
        case ITERATOR -> out.all((Iterator<?>) result(function, instance));
        case PUBLISHER -> out.all((Flow.Publisher<?>) result(function, instance));
        case PRODUCER -> {
          if (function instanceof TaskProducer<?> task) {
            ((TaskProducer<Object>) task).produce(out);
          } else {
            ((RemoteProducer<Object, Object>) function)
                .produce(java.util.Objects.requireNonNull(instance), out);
          }
        }
      }
      return null;
    } finally {
      out.close();
    }
  }

  @SuppressWarnings("unchecked")
  private static Object result(Object function, @Nullable Object instance) throws Exception {
    Object result =
        function instanceof RemoteSupplier<?> task
            ? task.get()
            : ((RemoteFunction<Object, ?>) function)
                .apply(java.util.Objects.requireNonNull(instance));
    return java.util.Objects.requireNonNull(result, "the method returned null, not a stream");
  }
}
