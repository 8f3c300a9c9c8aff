package dev.manta.benchmarks.calls;

import dev.manta.benchmarks.InFlight;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.Patterns;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The counter as a classic actor of Pekko's. */
@State(Scope.Benchmark)
public class PekkoClassic {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  final InFlight<CompletionStage<Object>> inFlight = new InFlight<>();
  private ActorSystem system;
  private ActorRef counter;

  /** The message. */
  record Add(int amount) {}

  /** The actor. */
  static final class CounterActor extends AbstractActor {
    private int value;

    @Override
    public Receive createReceive() {
      return receiveBuilder().match(Add.class, add -> {
        value += add.amount();
        sender().tell(value, self());
      }).build();
    }
  }

  /** Starts it. */
  @Setup
  public void start() {
    system = ActorSystem.create("classic");
    counter = system.actorOf(Props.create(CounterActor.class, CounterActor::new));
  }

  /** Ends it. */
  @TearDown
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }

  CompletionStage<Object> ask() {
    return Patterns.ask(counter, new Add(5), TIMEOUT);
  }
}
