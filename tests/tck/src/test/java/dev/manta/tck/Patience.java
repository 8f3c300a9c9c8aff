package dev.manta.tck;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.TestEnvironment;

/**
 * The times of the TCK: what must come may take long. Its own wait for an error looks once, after
 * one interval; this one waits for the error itself.
 */
final class Patience extends TestEnvironment {
  private static final long EXPECTED_MS = 20_000;
  private static final long UNEXPECTED_MS = 25;

  Patience() {
    super(EXPECTED_MS, UNEXPECTED_MS);
  }

  @Override
  public <T> ManualSubscriber<T> newManualSubscriber(Publisher<T> publisher, long timeoutMillis)
      throws InterruptedException {
    ManualSubscriber<T> subscriber = new PatientSubscriber<>(this);
    subscribe(publisher, subscriber, timeoutMillis);
    return subscriber;
  }

  /** Looks for an error when there is one. */
  private static final class PatientSubscriber<T>
      extends ManualSubscriberWithSubscriptionSupport<T> {
    private final CountDownLatch failed = new CountDownLatch(1);

    PatientSubscriber(TestEnvironment environment) {
      super(environment);
    }

    @Override
    public void onError(Throwable cause) {
      super.onError(cause);
      failed.countDown();
    }

    @Override
    public <E extends Throwable> E expectError(
        Class<E> expected, long timeoutMillis, long pollMillis, String message) throws Exception {
      awaitFailure(timeoutMillis);
      return super.expectError(expected, timeoutMillis, 0, message);
    }

    @Override
    public <E extends Throwable> void expectErrorWithMessage(
        Class<E> expected, List<String> messages, long timeoutMillis, long pollMillis)
        throws Exception {
      awaitFailure(timeoutMillis);
      super.expectErrorWithMessage(expected, messages, timeoutMillis, 0);
    }

    private void awaitFailure(long timeoutMillis) throws InterruptedException {
      if (!failed.await(timeoutMillis, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("no onError within " + timeoutMillis + " ms");
      }
    }
  }
}
