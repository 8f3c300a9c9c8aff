package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.EndlessWaitException;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.TaskFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** T5, CONTRACT 1: waits without an end that lead through several processes. */
@Timeout(60)
class RemoteWaitsTest {
  private static volatile CompletableFuture<Integer> foreign;

  private WireNetwork network;
  private Engine driver;
  private final List<Engine> workers = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    GoldenScenario.latch = new CountDownLatch(1);
    foreign = new CompletableFuture<>();
    network = new WireNetwork();
    network.letTimePass();
    driver = network.add(0, false);
    for (int i = 1; i <= 3; i++) {
      Engine worker = network.add(i, false);
      worker.peers().join(2);
      workers.add(worker);
    }
    network.quiet();
  }

  @AfterEach
  void close() {
    foreign.complete(1);
    network.close();
  }

  /** Calls the first of a chain of actors with the rest of it. */
  static final class Link {
    int ask(List<ActorRef<Link>> chain) {
      if (chain.isEmpty()) {
        return 1;
      }
      List<ActorRef<Link>> rest = new ArrayList<>(chain.subList(1, chain.size()));
      ObjectRef<Integer> asked = chain.get(0).call(l -> l.ask(rest));
      return asked.get();
    }

    int awaits() {
      return Manta.await(foreign);
    }

    int asksWhoAwaits(ActorRef<Link> other) {
      ObjectRef<Integer> awaited = other.call(Link::awaits);
      return awaited.get();
    }
  }

  private ActorRef<Link> link(String name) {
    return driver.actor(ActorOptions.serial().name(name), Link::new);
  }

  private static EndlessWaitException endless(ObjectRef<?> call) {
    TaskFailedException e = catchThrowableOfType(TaskFailedException.class, call::get);
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    assertThat(cause).isInstanceOf(EndlessWaitException.class);
    return (EndlessWaitException) cause;
  }

  @Test
  void serialActorThatCallsItselfThroughAnotherProcess_isToldSo() {
    ActorRef<Link> a = link("alpha");
    ActorRef<Link> b = link("beta");
    List<ActorRef<Link>> chain = new ArrayList<>(List.of(b, a));

    ObjectRef<Integer> call = a.call(l -> l.ask(chain));

    assertThat(endless(call))
        .hasMessageContaining("alpha")
        .hasMessageContaining("beta")
        .hasMessageContaining("ask");
    List<ActorRef<Link>> none = new ArrayList<>();
    for (ActorRef<Link> each : List.of(a, b)) {
      ObjectRef<Integer> one = each.call(l -> l.ask(none));
      assertThat(one.get()).isEqualTo(1);
    }
  }

  @Test
  void chainThroughThreeProcesses_isFound() {
    ActorRef<Link> a = link("alpha");
    List<ActorRef<Link>> chain = new ArrayList<>(List.of(link("beta"), link("gamma"), a));

    assertThat(endless(a.call(l -> l.ask(chain)))).hasMessageContaining("gamma");
  }

  /** What waits for something foreign may end, however often it is looked at. */
  @Test
  void waitThatMayEnd_isAllowed() throws Exception {
    ActorRef<Link> a = link("alpha");
    ActorRef<Link> b = link("beta");
    ObjectRef<Integer> first = a.call(l -> l.asksWhoAwaits(b));
    List<ActorRef<Link>> toA = new ArrayList<>(List.of(a));
    ObjectRef<Integer> second = link("gamma").call(l -> l.ask(toA));
    for (int i = 0; i < 10; i++) {
      workers.forEach(w -> w.peers().waits.run());
      network.quiet();
    }
    assertThat(first.isDone() || second.isDone()).isFalse();

    foreign.complete(7);

    assertThat(first.get()).isEqualTo(7);
    assertThat(second.get()).isEqualTo(1);
  }
}
