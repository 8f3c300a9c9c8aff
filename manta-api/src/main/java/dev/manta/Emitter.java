package dev.manta;

/**
 * Where a producer puts the elements of its stream.
 *
 * @param <T> the elements
 */
public interface Emitter<T> {
  /**
   * Adds a copy of {@code element} to the stream; waits while the stream's buffer is full. In an
   * actor this is an await point: other calls of the actor run meanwhile.
   *
   * <p>To a consumer in another process, elements that are emitted within microseconds of each other
   * are sent together: when the producer waits for something in Manta, takes longer for the next one or
   * ends, and after a millisecond at the latest.
   *
   * @throws java.util.concurrent.CancellationException if the consumer has cancelled the stream or
   *     is gone
   * @throws IllegalStateException if called by another thread than the producer's, or after its end
   */
  void emit(T element);
}
