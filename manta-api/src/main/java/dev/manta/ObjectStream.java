package dev.manta;

import java.util.Iterator;
import java.util.concurrent.Flow;

/**
 * The elements that a call or task produces, as they are produced. Its producer is started at
 * submission and runs ahead by a bounded buffer. It has one consumer: either a subscriber, with
 * demand, or a for-each loop.
 *
 * <p>A subscriber is called by virtual threads of Manta's own, or, where it subscribed inside an
 * actor's call, in turns of that actor. A loop waits for elements as {@link ObjectRef#get()} does;
 * inside an actor that is an await point. An error comes after the elements before it: the iterator
 * throws it once, and then has ended.
 *
 * <p>Implemented by Manta alone.
 *
 * @param <T> the elements
 */
public interface ObjectStream<T> extends Flow.Publisher<T>, Iterable<T>, AutoCloseable {
  /**
   * The one iterator of this stream.
   *
   * @throws IllegalStateException if the stream has a consumer already
   */
  @Override
  Iterator<T> iterator();

  /**
   * The same stream as refs to its elements, each complete.
   *
   * @throws IllegalStateException if the stream has a consumer already
   */
  ObjectStream<ObjectRef<T>> refs();

  /**
   * Asks for the cancellation of the producer; the consumer sees the elements that it has, then
   * {@link Reason#CANCELLED}.
   *
   * @return whether the producer had not ended
   */
  boolean cancel();

  /** Cancels what has not ended and drops what was not read. */
  @Override
  void close();
}
