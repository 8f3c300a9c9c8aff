package dev.manta.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.Manta;
import dev.manta.ObjectStream;
import java.util.Iterator;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** docs/threads.md: user code is run under no monitor of the engine. */
class PublisherLockTest {
  /** Calls onNext under a lock that request takes too, as a publisher may. */
  static final class LockingPublisher implements Flow.Publisher<Integer>, Flow.Subscription {
    private static final int ASKED_FOR_AT_FIRST = 32;
    private final Object lock = new Object();
    private Flow.Subscriber<? super Integer> subscriber;
    private Thread consumer;

    @Override
    public void subscribe(Flow.Subscriber<? super Integer> to) {
      subscriber = to;
      to.onSubscribe(this);
    }

    @Override
    public void request(long n) {
      if (consumer == null) {
        consumer = Thread.currentThread();
        Thread.ofPlatform().daemon().start(this::publish);
      } else {
        synchronized (lock) {
          // counts the demand
        }
      }
    }

    private void publish() {
      synchronized (lock) {
        for (int i = 1; i < ASKED_FOR_AT_FIRST; i++) {
          subscriber.onNext(i);
        }
        while (consumer.getState() != Thread.State.BLOCKED) {
          Thread.onSpinWait(); // until it asks for more, which needs the lock
        }
        subscriber.onNext(ASKED_FOR_AT_FIRST);
      }
      subscriber.onComplete();
    }

    @Override
    public void cancel() {}
  }

  @Test
  @Timeout(20)
  void publisherThatLocksInRequest_isReadToItsEnd() {
    Manta manta = Manta.start();
    ObjectStream<Integer> stream = manta.streamPublisher(LockingPublisher::new);

    int last = 0;
    for (Iterator<Integer> i = stream.iterator(); i.hasNext();) {
      last = i.next();
    }

    assertThat(last).isEqualTo(LockingPublisher.ASKED_FOR_AT_FIRST);
    manta.close();
  }
}
