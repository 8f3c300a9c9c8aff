package dev.manta;

import java.io.Serializable;

/**
 * A task that produces a stream by calling an emitter: {@code manta.stream(out -> scan(path, out))}.
 *
 * @param <T> the elements
 */
@FunctionalInterface
public interface TaskProducer<T> extends Serializable {
  /**
   * Runs as a task; its return ends the stream.
   *
   * @throws Exception whatever the code throws: the stream fails with it after the elements emitted
   *     so far
   */
  void produce(Emitter<T> emitter) throws Exception;
}
