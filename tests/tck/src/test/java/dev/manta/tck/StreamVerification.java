package dev.manta.tck;

import dev.manta.ObjectStream;
import java.util.concurrent.Flow;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/**
 * The TCK's rules on one way to make a stream.
 *
 * @param <T> the elements
 */
final class StreamVerification<T> extends FlowPublisherVerification<T> {
  private final LongFunction<ObjectStream<T>> stream;
  private final Supplier<ObjectStream<T>> failed;

  /**
   * On these streams.
   *
   * @param stream makes a stream of so many elements
   * @param failed makes one that fails before its first element
   */
  StreamVerification(LongFunction<ObjectStream<T>> stream, Supplier<ObjectStream<T>> failed) {
    super(new Patience());
    this.stream = stream;
    this.failed = failed;
  }

  @Override
  public Flow.Publisher<T> createFlowPublisher(long elements) {
    return stream.apply(elements);
  }

  @Override
  public Flow.Publisher<T> createFailedFlowPublisher() {
    return failed.get();
  }
}
