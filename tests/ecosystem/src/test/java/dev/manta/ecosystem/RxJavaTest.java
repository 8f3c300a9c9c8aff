package dev.manta.ecosystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import dev.manta.Reason;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.reactivestreams.FlowAdapters;

/** Refs as {@code Single}, {@code Maybe} and {@code Completable}, streams as {@code Flowable}. */
class RxJavaTest {
  @AutoClose
  private final Manta manta = Manta.start();

  private final ActorRef<Greeter> greeter = manta.actor(Greeter::new);

  /** CONTRACT 1: the ref's value is the Single's. */
  @Test
  void single_hasTheValue() {
    Single<String> single = Single.fromCompletionStage(greeter.call(g -> g.greet("Ada")));

    String said = single.map(String::toUpperCase).blockingGet();

    assertThat(said).isEqualTo("HELLO ADA");
  }

  /** CONTRACT 15: what the code threw is the cause of the Single's error. */
  @Test
  void single_hasTheCallsError() {
    Single<String> single = Single.fromCompletionStage(greeter.call(g -> g.refuse("closed")));

    assertThatThrownBy(single::blockingGet).hasRootCauseMessage("closed");
  }

  /** CONTRACT 1: a call that returns nothing is a Completable, and a Maybe without a value. */
  @Test
  void completable_completesWithACallThatReturnsNothing() {
    ObjectRef<Void> ref = greeter.run(g -> g.letGo("go"));

    Completable.fromCompletionStage(ref).blockingAwait();

    assertThat(Maybe.fromCompletionStage(ref).isEmpty().blockingGet()).isTrue();
    assertThat(greeter.call(Greeter::hold).get()).isEqualTo("go");
  }

  /** S1: a Flowable of a stream has all its elements in order, in small requests too. */
  @Test
  void flowable_hasTheElementsInOrder() {
    Flowable<Integer> flowable = flowable(greeter.stream(g -> g.count(1000)));

    List<Integer> all = flowable.rebatchRequests(7).toList().blockingGet();

    assertThat(all).hasSize(1000).isSorted().startsWith(1).endsWith(1000);
  }

  /** S2: the values before the error, then the error. */
  @Test
  void flowable_hasTheElementsBeforeAnError() {
    TestSubscriber<Integer> subscriber = flowable(greeter.stream(g -> g.countAndFail())).test();

    subscriber.awaitDone(20, TimeUnit.SECONDS);

    subscriber.assertValues(1, 2).assertError(e -> e.getCause().getMessage().equals("no third"));
  }

  /** S9: a Flowable that is cancelled half-way ends its producer. */
  @Test
  void flowable_cancelledEndsTheProducer() {
    ObjectStream<Integer> stream = greeter.stream(g -> g.count(Integer.MAX_VALUE));

    List<Integer> three = flowable(stream).take(3).toList().blockingGet();

    assertThat(three).containsExactly(1, 2, 3);
    assertThat(greeter.call(Greeter::end).get()).isEqualTo("closed");
  }

  /** S7: a Flowable that an actor's method returns is a stream. */
  @Test
  void streamPublisher_takesAFlowable() {
    ObjectStream<Integer> stream =
        greeter.streamPublisher(g -> FlowAdapters.toFlowPublisher(Flowable.range(1, 500)));

    List<Integer> all = new ArrayList<>();
    stream.forEach(all::add);

    assertThat(all).hasSize(500).isSorted();
  }

  /** CONTRACT 10: the Single of a cancelled call ends with the reason. */
  @Test
  void single_ofACancelledCallEnds() {
    ObjectRef<String> held = greeter.call(Greeter::hold);
    var observer = Single.fromCompletionStage(held).test();

    held.cancel();

    observer.awaitDone(20, TimeUnit.SECONDS);
    observer.assertError(e -> ((MantaException) e).reason() == Reason.CANCELLED);
  }

  private static Flowable<Integer> flowable(ObjectStream<Integer> stream) {
    return Flowable.fromPublisher(FlowAdapters.toPublisher(stream));
  }
}
