package dev.manta.ecosystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import dev.manta.Reason;
import dev.manta.TaskFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Refs as {@code Mono}s, streams as {@code Flux}es. */
class ReactorTest {
  @AutoClose
  private final Manta manta = Manta.start();

  private final ActorRef<Greeter> greeter = manta.actor(Greeter::new);

  /** CONTRACT 1: the ref's value is the Mono's. */
  @Test
  void fromCompletionStage_emitsTheValue() {
    Mono<String> mono = Mono.fromCompletionStage(greeter.call(g -> g.greet("Ada")));

    String said = mono.map(String::toUpperCase).block();

    assertThat(said).isEqualTo("HELLO ADA");
  }

  /** CONTRACT 2: a Mono made with a supplier calls the actor once for each subscription. */
  @Test
  void fromCompletionStage_ofASupplierCallsOncePerSubscription() {
    Mono<Integer> mono = Mono.fromCompletionStage(() -> greeter.call(g -> g.next()));

    List<Integer> answers = mono.repeat(4).collectList().block();

    assertThat(answers).containsExactly(1, 2, 3, 4, 5);
  }

  /** CONTRACT 15: the Mono's error is the call's own, with what the code threw as its cause. */
  @Test
  void fromCompletionStage_passesTheCallsError() {
    Mono<String> mono = Mono.fromCompletionStage(greeter.call(g -> g.refuse("closed")));

    assertThatThrownBy(mono::block)
        .isInstanceOf(TaskFailedException.class)
        .hasRootCauseInstanceOf(IOException.class)
        .hasRootCauseMessage("closed");
  }

  /** CONTRACT 10: disposing a Mono made with fromFuture cancels the call, whose clean-up runs. */
  @Test
  void fromFuture_disposedCancelsTheCall() {
    ObjectRef<String> held = greeter.call(Greeter::hold);
    Disposable subscription = Mono.fromFuture(held.toCompletableFuture()).subscribe();
    greeter.call(Greeter::held).get();

    subscription.dispose();

    assertThat(greeter.call(Greeter::end).get()).isEqualTo("cancelled");
    assertThatThrownBy(held::get)
        .isInstanceOfSatisfying(
            MantaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CANCELLED));
  }

  /** CONTRACT 6: many Monos at once are many calls of the actor at once. */
  @Test
  void flatMap_callsConcurrently() {
    Flux<String> said =
        Flux.range(0, 200)
            .flatMap(i -> Mono.fromCompletionStage(greeter.call(g -> g.greet("n" + i))));

    List<String> all = said.collectList().block();

    assertThat(all).hasSize(200).contains("hello n0", "hello n199").doesNotHaveDuplicates();
  }

  /** S1: a Flux of a stream has all its elements in order. */
  @Test
  void flux_emitsTheElementsInOrder() {
    ObjectStream<Integer> stream = greeter.stream(g -> g.count(1000));

    List<Integer> all = JdkFlowAdapter.flowPublisherToFlux(stream).collectList().block();

    assertThat(all).hasSize(1000).isSorted().startsWith(1).endsWith(1000);
  }

  /** S2: the values before the error, then the error. */
  @Test
  void flux_emitsTheElementsBeforeAnError() {
    List<Integer> seen = new ArrayList<>();
    Flux<Integer> flux =
        JdkFlowAdapter.flowPublisherToFlux(greeter.stream(g -> g.countAndFail()))
            .doOnNext(seen::add);

    assertThatThrownBy(flux::blockLast).hasRootCauseMessage("no third");

    assertThat(seen).containsExactly(1, 2);
  }

  /** S12: the subscriber's demand is the stream's, which runs ahead by its buffer and no more. */
  @Test
  void flux_keepsToTheDemand() {
    Elements elements = new Elements();
    JdkFlowAdapter.flowPublisherToFlux(greeter.stream(g -> g.count(1_000_000))).subscribe(elements);
    elements.third.join();

    elements.request(2);

    elements.fifth.join();
    assertThat(elements.seen).containsExactly(1, 2, 3, 4, 5);
    assertThat(greeter.call(g -> g.counted()).get()).isLessThanOrEqualTo(5 + 64 + 1);
    elements.cancel();
  }

  /** Asks for three elements, and for more when the test does. */
  private static final class Elements extends BaseSubscriber<Integer> {
    final List<Integer> seen = new CopyOnWriteArrayList<>();
    final CompletableFuture<Void> third = new CompletableFuture<>();
    final CompletableFuture<Void> fifth = new CompletableFuture<>();

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      subscription.request(3);
    }

    @Override
    protected void hookOnNext(Integer value) {
      seen.add(value);
      if (seen.size() == 3) {
        third.complete(null);
      } else if (seen.size() == 5) {
        fifth.complete(null);
      }
    }
  }

  /** S7: a Flux that a task returns is a stream. */
  @Test
  void streamPublisher_takesAFlux() {
    ObjectStream<Integer> stream =
        manta.streamPublisher(() -> JdkFlowAdapter.publisherToFlowPublisher(Flux.range(1, 500)));

    List<Integer> all = new ArrayList<>();
    stream.forEach(all::add);

    assertThat(all).hasSize(500).isSorted();
  }

  /** T1: a Mono that a call awaits is an await point: the next call completes it. */
  @Test
  void await_ofAMonoGivesTheTurnAway() {
    ObjectRef<String> ref =
        greeter
            .call(g -> Manta.await(Mono.fromFuture(g.said()).map(String::toUpperCase).toFuture()));

    greeter.run(g -> g.letGo("go")).get();

    assertThat(ref.get()).isEqualTo("GO");
  }
}
