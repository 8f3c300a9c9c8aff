package dev.manta.ecosystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Refs as {@code Uni}s, streams as {@code Multi}s. */
class MutinyTest {
  @AutoClose
  private final Manta manta = Manta.start();

  private final ActorRef<Greeter> greeter = manta.actor(Greeter::new);

  /** CONTRACT 1: the ref's value is the Uni's. */
  @Test
  void uni_hasTheValue() {
    Uni<String> uni = Uni.createFrom().completionStage(greeter.call(g -> g.greet("Ada")));

    String said = uni.map(String::toUpperCase).await().indefinitely();

    assertThat(said).isEqualTo("HELLO ADA");
  }

  /** CONTRACT 15: a Uni recovers from what the code threw. */
  @Test
  void uni_recoversFromTheCallsError() {
    Uni<String> uni = Uni.createFrom().completionStage(greeter.call(g -> g.refuse("closed")));

    String said =
        uni.onFailure(e -> e.getCause() instanceof IOException)
            .recoverWithItem(e -> e.getCause().getMessage())
            .await()
            .indefinitely();

    assertThat(said).isEqualTo("closed");
  }

  /** CONTRACT 10: cancelling a Uni cancels the call, whose clean-up runs. */
  @Test
  void uni_cancelledCancelsTheCall() {
    ObjectRef<String> held = greeter.call(Greeter::hold);
    Cancellable subscription =
        Uni.createFrom().completionStage(held).subscribe().with(item -> {}, error -> {});
    greeter.call(Greeter::held).get();

    subscription.cancel();

    assertThat(greeter.call(Greeter::end).get()).isEqualTo("cancelled");
  }

  /** S1: a stream is a publisher of Mutiny's own kind: all elements in order. */
  @Test
  void multi_hasTheElementsInOrder() {
    ObjectStream<Integer> stream = greeter.stream(g -> g.count(1000));

    List<Integer> all =
        Multi.createFrom().publisher(stream).collect().asList().await().indefinitely();

    assertThat(all).hasSize(1000).isSorted().startsWith(1).endsWith(1000);
  }

  /** S2: the values before the error, then the error. */
  @Test
  void multi_hasTheElementsBeforeAnError() {
    List<Integer> seen = new ArrayList<>();
    Uni<Integer> last =
        Multi.createFrom()
            .publisher(greeter.stream(g -> g.countAndFail()))
            .invoke(seen::add)
            .collect()
            .last();

    assertThatThrownBy(() -> last.await().indefinitely()).hasRootCauseMessage("no third");

    assertThat(seen).containsExactly(1, 2);
  }

  /** S7: a Multi that a task returns is a stream. */
  @Test
  void streamPublisher_takesAMulti() {
    ObjectStream<Integer> stream =
        manta.streamPublisher(() -> Multi.createFrom().range(0, 500));

    List<Integer> all = new ArrayList<>();
    stream.forEach(all::add);

    assertThat(all).hasSize(500).isSorted();
  }

  /** A Uni is a stage too: an actor's method may return one. */
  @Test
  void callAsync_takesAUni() {
    ObjectRef<String> ref =
        greeter.callAsync(
            g -> Uni.createFrom()
                .completionStage(g.said())
                .map(String::toUpperCase)
                .subscribeAsCompletionStage());

    greeter.run(g -> g.letGo("go")).get();

    assertThat(ref.get()).isEqualTo("GO");
  }
}
