package dev.manta.examples.balancer;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.ActorStats;
import dev.manta.Manta;
import dev.manta.examples.support.Clients;
import dev.manta.examples.support.ProgressBar;
import dev.manta.examples.support.Table;
import dev.manta.examples.support.WebServer;
import java.net.URI;
import java.util.List;

/** The first part of the demo: a load balancer under load. */
final class Balancing {
  private static final String NAME = "balancer";
  private static final int ONE_AT_A_TIME = 200;

  private Balancing() {}

  /** Returns whether each failed request has a cause that the table states. */
  static boolean run(Manta manta, Settings settings) throws Exception {
    if (!settings.backends().isEmpty()) {
      return run(manta, settings, settings.backends(), "yours").unanswered() == 0;
    }
    try (Backends own = Backends.start(10, 20, 30)) {
      String what = "three servers that answer after 10, 20 and 30 ms";
      return run(manta, settings, own.uris(), what).errors() == 0;
    }
  }

  private static Clients.Result run(
      Manta manta, Settings settings, List<String> backends, String what) throws Exception {
    // a GET may be sent twice: so its call may run again if the actor's process ends under it
    ActorRef<LoadBalancer> balancer = manta.actor(
        ActorOptions.named(NAME)
            .maxConcurrency(settings.maxConcurrency())
            .maxRestarts(1)
            .methodRetries("proxyRequest", 1),
        () -> new LoadBalancer(backends));
    long pid = balancer.<Long>call(b -> ProcessHandle.current().pid()).get();
    Answers answers = new Answers(settings.kill() ? (settings.requests() + 1) / 2 : 0, pid);
    try (WebServer front = FrontServer.start(balancer, answers)) {
      Table.title("Load balancer: %,d requests from %,d clients, one async actor",
          settings.requests(), settings.clients());
      Table.line("maxConcurrency", "%,d", settings.maxConcurrency());
      Table.line("backends", what);
      if (settings.processes() > 0) {
        Table.line("worker processes", "%d", settings.processes());
      }
      Clients.Result result = load(front.uri(), settings);
      Answers.Seen seen = answers.seen();
      Report report = balancer.call(LoadBalancer::report).get();
      Clients.Result single = new Clients(front.uri(), 1).send(ONE_AT_A_TIME, ProgressBar.NONE);
      long life = life(manta);
      BalancingTable.print(result, report, single, life);
      if (settings.processes() > 0) {
        BalancingTable.printProcesses(seen, life);
      }
      return result;
    }
  }

  /** Which life of the load balancer this is, from 1. */
  private static long life(Manta manta) {
    return manta.stats()
        .actors()
        .stream()
        .filter(actor -> actor.actor().contains(NAME))
        .mapToLong(ActorStats::incarnation)
        .max()
        .orElse(0);
  }

  private static Clients.Result load(URI front, Settings settings) {
    try (ProgressBar bar = ProgressBar.of(settings.requests())) {
      return new Clients(front, settings.clients()).send(settings.requests(), bar);
    }
  }
}
