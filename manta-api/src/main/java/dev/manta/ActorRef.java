package dev.manta;

import java.util.Iterator;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A handle to an actor. Calls from one handle start in the order in which they were submitted, as
 * the refs that they capture become ready. A handle may be captured by calls and tasks and be part
 * of values; the actor lives while a handle to it or a call on it exists. All methods may be called
 * by any thread.
 *
 * <p>A submitted call never throws for what happens later: its ref tells. What is wrong with the
 * submission itself is thrown by these methods: {@link NullPointerException}, and {@link
 * IllegalArgumentException} for a capture that can't be copied, naming the class, the variable and
 * the cure.
 *
 * <p>Implemented by Manta alone.
 *
 * @param <A> the class of the actor
 */
public interface ActorRef<A> {
  /**
   * Calls a method that returns a value.
   *
   * @return its future result. A method that returns a {@link CompletionStage} fails here: use
   *     {@link #callAsync}
   */
  <T extends @Nullable Object> ObjectRef<T> call(
      RemoteFunction<? super A, ? extends T> function);

  /** Calls a method that returns nothing; the ref completes with null when it has ended. */
  ObjectRef<@Nullable Void> run(RemoteConsumer<? super A> function);

  /** Calls a method that returns a stage; the ref completes as that stage does. */
  <T extends @Nullable Object> ObjectRef<T> callAsync(
      RemoteFunction<? super A, ? extends CompletionStage<? extends T>> function);

  /** Streams the elements of the {@link Stream} that the method returns, which is closed after. */
  <T> ObjectStream<T> stream(RemoteFunction<? super A, ? extends Stream<? extends T>> function);

  /** Streams what the method emits. */
  <T> ObjectStream<T> stream(RemoteProducer<? super A, T> producer);

  /** Streams the elements of the iterator that the method returns. */
  <T> ObjectStream<T> streamIterator(
      RemoteFunction<? super A, ? extends Iterator<? extends T>> function);

  /** Streams what the publisher that the method returns publishes, with the consumer's demand. */
  <T> ObjectStream<T> streamPublisher(
      RemoteFunction<? super A, ? extends Flow.Publisher<? extends T>> function);

  /**
   * As {@link #call}, and waits where the actor has its limit of pending calls. Inside an actor this
   * is an await point.
   */
  <T extends @Nullable Object> ObjectRef<T> callWhenRoom(
      RemoteFunction<? super A, ? extends T> function);

  /**
   * As {@link #call}, for threads that must not wait.
   *
   * @return the stage of acceptance: completes with the call's ref when the actor has taken the
   *     call; exceptionally when it will not
   */
  <T extends @Nullable Object> CompletionStage<ObjectRef<T>> offer(
      RemoteFunction<? super A, ? extends T> function);

  /** This handle with other options for its calls; it keeps the order of the calls of this one. */
  ActorRef<A> with(CallOptions options);
}
