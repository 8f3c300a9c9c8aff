package dev.manta.benchmarks.processes.peers;

import dev.manta.benchmarks.InFlight;
import dev.manta.benchmarks.processes.Seconds;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.Patterns;

/** Calls of Pekko's actors in a second JVM, by ask: classic ones and typed ones. */
public final class PekkoCalls {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int CALLS = 20_000;
  private static final int ROUNDTRIPS = 2_000;

  private PekkoCalls() {}

  /** Prints rates of pipelined calls, and nanoseconds of round trips. */
  public static void main(String[] args) throws Exception {
    ActorSystem system = ActorSystem.create("caller", PekkoMessages.config());
    try (OtherJvm counters = OtherJvm.start(Counters.class)) {
      measure(List.of(args), "classic", classic(system, counters.answer()));
      measure(List.of(args), "typed", typed(system, counters.answer()));
    } finally {
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  private static void measure(
      List<String> names, String kind, Supplier<CompletionStage<?>> ask) throws Exception {
    if (names.contains("pipelined." + kind)) {
      InFlight<CompletionStage<?>> inFlight = new InFlight<>();
      Seconds.printRate("pipelined." + kind, CALLS,
          () -> inFlight.run(CALLS, ask, stage -> (Integer) stage.toCompletableFuture().join()));
    }
    if (names.contains("roundtrip." + kind)) {
      Seconds.printNanos("roundtrip." + kind, ROUNDTRIPS, () -> {
        Thread caller = Thread.startVirtualThread(() -> {
          for (int i = 0; i < ROUNDTRIPS; i++) {
            ask.get().toCompletableFuture().join();
          }
        });
        caller.join();
      });
    }
  }

  private static Supplier<CompletionStage<?>> classic(ActorSystem system, String address)
      throws Exception {
    ActorRef counter = resolve(system, address + "/user/classic");
    return () -> Patterns.ask(counter, 5, TIMEOUT);
  }

  private static Supplier<CompletionStage<?>> typed(ActorSystem system, String address)
      throws Exception {
    var typedSystem = Adapter.toTyped(system);
    org.apache.pekko.actor.typed.ActorRef<PekkoMessages.Add> counter =
        Adapter.toTyped(resolve(system, address + "/user/typed"));
    return () -> AskPattern.<PekkoMessages.Add, Integer>ask(
        counter, replyTo -> new PekkoMessages.Add(5, replyTo), TIMEOUT, typedSystem.scheduler());
  }

  private static ActorRef resolve(ActorSystem system, String path) throws Exception {
    return system.actorSelection(path)
        .resolveOne(TIMEOUT)
        .toCompletableFuture()
        .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
  }

  /** The process of the actors. */
  static final class Counters {
    private Counters() {}

    /** Says its address. */
    public static void main(String[] args) {
      ActorSystem system = ActorSystem.create("counters", PekkoMessages.config());
      system.actorOf(Props.create(Classic.class, Classic::new), "classic");
      Adapter.spawn(system, typed(), "typed");
      OtherJvm.ready(((ExtendedActorSystem) system).provider().getDefaultAddress().toString());
    }

    private static Behavior<PekkoMessages.Add> typed() {
      return Behaviors.setup(context -> {
        int[] value = {0};
        return Behaviors.receiveMessage(add -> {
          value[0] += add.amount();
          add.replyTo().tell(value[0]);
          return Behaviors.same();
        });
      });
    }
  }

  /** The classic actor. */
  static final class Classic extends AbstractActor {
    private int value;

    @Override
    public Receive createReceive() {
      return receiveBuilder().match(Integer.class, amount -> {
        value += amount;
        sender().tell(value, self());
      }).build();
    }
  }
}
