package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.TaskOptions;
import dev.manta.behaviours.support.Ambient;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.WithManta;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registered contexts travel with calls, to all code that belongs to them and to no other. */
class ContextTest {
  private static Manta manta;

  @BeforeAll
  static void start() {
    manta = Manta.start(Ambient.travelling(WithManta.options()));
  }

  @AfterAll
  static void close() {
    manta.close();
  }

  /** DESIGN, "Context travels with calls": to actors of each kind. */
  @ParameterizedTest
  @EnumSource
  void call_seesTheContextOfItsSubmission(ActorOptions.Kind kind) {
    ActorOptions options =
        switch (kind) {
          case ASYNC -> ActorOptions.async();
          case SERIAL -> ActorOptions.serial();
          case THREADED -> ActorOptions.threaded(2);
        };
    ActorRef<Seer> seer = manta.actor(options, Seer::new);

    ObjectRef<String> seen = Ambient.in("t", "ann", () -> seer.call(s -> Ambient.here()));

    assertThat(seen.get()).isEqualTo("t/ann");
    assertThat(seer.call(s -> Ambient.here()).get()).isEqualTo("none/none");
  }

  /** Context: to tasks, and from them to the calls and tasks that they start. */
  @Test
  void nestedCalls_seeTheContextOfTheFirst() {
    ActorRef<Seer> seer = manta.actor(Seer::new);

    ObjectRef<String> seen =
        Ambient.in(
            "t",
            "ann",
            () -> manta.submit(
                () -> seer.call(s -> Manta.current().submit(Ambient::here).get()).get()
                    + " "
                    + Ambient.here()));

    assertThat(seen.get()).isEqualTo("t/ann t/ann");
  }

  /** Context: an actor's constructor runs in the context of its creation. */
  @Test
  void constructor_seesTheContextOfTheCreation() {
    ActorRef<Seer> seer = Ambient.in("t", "ann", () -> manta.actor(Seer::new));

    assertThat(seer.call(s -> s.atConstruction).get()).isEqualTo("t/ann");
  }

  /** Context: a call that waits keeps its own while others run in its actor. */
  @Test
  void callsAtOnce_keepTheirOwn() {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Seer> seer = manta.actor(Seer::new);
    ObjectRef<String> ann = Ambient.in("a", "ann", () -> seer.call(s -> s.seeAround(gate)));
    ObjectRef<String> bob = Ambient.in("b", "bob", () -> seer.call(s -> s.seeAround(gate)));
    ObjectRef<String> nobody = seer.call(s -> s.seeAround(gate));
    Gate.awaitReached(gate);

    Gate.open(gate);

    assertThat(manta.getAll(List.of(ann, bob, nobody)))
        .containsExactly("a/ann a/ann", "b/bob b/bob", "none/none none/none");
  }

  /** Context: what a call hangs on a ref, pending or complete, runs in the call's context. */
  @ParameterizedTest
  @ValueSource(
      strings = {
          "thenApply", "thenApplyAsync", "handle", "chained", "thenCompose", "onTurn", "turn",
          "blocking", "copy"
      })
  void continuationOfACall_seesTheCallsContext(String kind) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Seer> seer = manta.actor(Seer::new);
    ObjectRef<String> seen =
        Ambient.in("t", "ann", () -> seer.callAsync(s -> s.continueAfter(kind, gate)));
    Gate.awaitReached(gate);

    Gate.open(gate);

    assertThat(seen.get()).isEqualTo("t/ann");
    assertThat(seer.call(s -> Ambient.here()).get()).isEqualTo("none/none");
  }

  /** Context: a callback that is registered outside of actors sees the context of that place. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void callbackOutside_seesTheContextOfItsRegistration(boolean completeBefore) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Boolean> passed = gate.call(Gate::pass);
    if (completeBefore) {
      Gate.open(gate);
      passed.get();
    }

    CompletionStage<String> seen =
        Ambient.in("t", "ann", () -> passed.thenApply(value -> Ambient.here()));

    Gate.open(gate);
    assertThat(Manta.await(seen)).isEqualTo("t/ann");
  }

  /** Context: a retried call runs in the context of its submission again. */
  @Test
  void retriedTask_seesTheContextAgain() {
    ObjectRef<String> seen =
        Ambient.in(
            "t",
            "ann",
            () -> manta.submit(
                TaskOptions.named("again").retries(1, IllegalStateException.class),
                () -> {
                  if (Manta.attempt() == 1) {
                    throw new IllegalStateException("once");
                  }
                  return Ambient.here() + " at " + Manta.attempt();
                }));

    assertThat(seen.get()).isEqualTo("t/ann at 2");
  }

  /** Says which context it sees where. */
  static final class Seer {
    final String atConstruction = Ambient.here();

    String seeAround(ActorRef<Gate> gate) {
      String before = Ambient.here();
      Gate.pass(gate);
      return before + " " + Ambient.here();
    }

    CompletionStage<String> continueAfter(String kind, ActorRef<Gate> gate) throws Exception {
      ObjectRef<Boolean> passed = gate.call(Gate::pass);
      CompletableFuture<Boolean> foreign = new CompletableFuture<>();
      var _ = passed.thenAccept(foreign::complete);
      return switch (kind) {
        case "thenApply" -> passed.thenApply(value -> Ambient.here());
        case "thenApplyAsync" -> passed.thenApplyAsync(value -> Ambient.here());
        case "handle" -> passed.handle((value, error) -> Ambient.here());
        case "chained" -> passed.thenApply(value -> 1).thenApply(one -> Ambient.here());
        case "thenCompose" ->
            passed.thenCompose(value -> CompletableFuture.completedStage(Ambient.here()));
        case "copy" -> passed.toCompletableFuture().thenApply(value -> Ambient.here());
        case "onTurn" -> Manta.onTurn(foreign).thenApply(value -> Ambient.here());
        case "turn" -> CompletableFuture.supplyAsync(Ambient::here, Manta.turn());
        default -> CompletableFuture.completedStage(Manta.blocking(Ambient::here));
      };
    }
  }
}
