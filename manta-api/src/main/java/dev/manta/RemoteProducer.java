package dev.manta;

import java.io.Serializable;

/**
 * A method of an actor that produces a stream by calling an emitter: {@code feed.stream((f, out) ->
 * f.ticks(out))}.
 *
 * @param <A> the class of the actor
 * @param <T> the elements
 */
@FunctionalInterface
public interface RemoteProducer<A, T> extends Serializable {
  /**
   * Runs in the actor; its return ends the stream.
   *
   * @throws Exception whatever the method throws: the stream fails with it after the elements
   *     emitted so far
   */
  void produce(A actor, Emitter<T> emitter) throws Exception;
}
