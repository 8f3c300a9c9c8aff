package dev.manta.benchmarks.calls;

import dev.manta.benchmarks.InFlight;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The counter as a typed actor of Pekko's. */
@State(Scope.Benchmark)
public class PekkoTyped {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  final InFlight<CompletionStage<Integer>> inFlight = new InFlight<>();
  private ActorSystem<Add> system;

  /** The message. */
  record Add(int amount, ActorRef<Integer> replyTo) {}

  private static Behavior<Add> counter(int value) {
    return Behaviors.setup(context -> {
      int[] sum = {value};
      return Behaviors.receiveMessage(add -> {
        sum[0] += add.amount();
        add.replyTo().tell(sum[0]);
        return Behaviors.same();
      });
    });
  }

  /** Starts it. */
  @Setup
  public void start() {
    system = ActorSystem.create(counter(0), "typed");
  }

  /** Ends it. */
  @TearDown
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }

  CompletionStage<Integer> ask() {
    return AskPattern.<Add, Integer>ask(
        system, replyTo -> new Add(5, replyTo), TIMEOUT, system.scheduler());
  }
}
