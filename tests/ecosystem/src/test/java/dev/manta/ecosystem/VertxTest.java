package dev.manta.ecosystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Refs as Vert.x {@code Future}s, and calls from its event loop. */
class VertxTest {
  @AutoClose
  private final Manta manta = Manta.start();

  private final ActorRef<Greeter> greeter = manta.actor(Greeter::new);
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  /** CONTRACT 1: the ref's value is the Future's. */
  @Test
  void future_hasTheValue() {
    Future<String> future = Future.fromCompletionStage(greeter.call(g -> g.greet("Ada")));

    String said = future.map(String::toUpperCase).await();

    assertThat(said).isEqualTo("HELLO ADA");
  }

  /** CONTRACT 15: the Future fails with what the code threw as the cause. */
  @Test
  void future_hasTheCallsError() {
    Future<String> future = Future.fromCompletionStage(greeter.call(g -> g.refuse("closed")));

    assertThatThrownBy(future::await).hasRootCauseMessage("closed");
  }

  /** A Future with a context calls its handlers on that context's event loop. */
  @Test
  void future_withAContextContinuesOnItsEventLoop() {
    Context context = vertx.getOrCreateContext();
    ObjectRef<String> held = greeter.call(Greeter::hold);
    Future<Context> where =
        Future.fromCompletionStage(held, context).map(said -> Vertx.currentContext());

    greeter.run(g -> g.letGo("go"));

    assertThat(where.await()).isSameAs(context);
  }

  /** CONTRACT 1: Vert.x joins many refs. */
  @Test
  void all_joinsManyRefs() {
    List<Future<Integer>> futures =
        IntStream.range(0, 200)
            .mapToObj(i -> Future.fromCompletionStage(greeter.call(g -> g.next())))
            .toList();

    List<Integer> all = Future.all(futures).await().list();

    assertThat(all).containsExactlyElementsOf(IntStream.rangeClosed(1, 200).boxed().toList());
  }

  /** CONTRACT 6: a call that finds no room never parks the event loop, it is refused there. */
  @Test
  void call_withoutRoomIsRefusedOnAnEventLoop() {
    ActorRef<Greeter> full =
        manta.actor(ActorOptions.async().maxPendingCalls(1), () -> new Greeter());
    ObjectRef<String> held = full.call(Greeter::hold);
    CompletableFuture<ObjectRef<String>> refused = new CompletableFuture<>();

    vertx.getOrCreateContext().runOnContext(v -> refused.complete(full.call(g -> g.greet("Ada"))));

    assertThatThrownBy(refused.join()::get)
        .isInstanceOfSatisfying(
            NotExecutedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.PENDING_LIMIT));
    held.cancel();
  }

  /** T1: a Vert.x Future that a call awaits is an await point. */
  @Test
  void await_ofAFutureGivesTheTurnAway() {
    ObjectRef<String> ref =
        greeter.call(
            g -> Manta.await(
                Future.fromCompletionStage(g.said()).map(String::toUpperCase).toCompletionStage()));

    greeter.run(g -> g.letGo("go")).get();

    assertThat(ref.get()).isEqualTo("GO");
  }
}
