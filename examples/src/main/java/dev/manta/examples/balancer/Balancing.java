package dev.manta.examples.balancer;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.examples.support.Clients;
import dev.manta.examples.support.ProgressBar;
import dev.manta.examples.support.Table;
import dev.manta.examples.support.WebServer;
import java.net.URI;
import java.util.List;

/** The first part of the demo: a load balancer under load. */
final class Balancing {
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
    ActorRef<LoadBalancer> balancer = manta.actor(
        ActorOptions.named("balancer").maxConcurrency(settings.maxConcurrency()),
        () -> new LoadBalancer(backends));
    try (WebServer front = FrontServer.start(balancer)) {
      Table.title("Load balancer: %,d requests from %,d clients, one async actor",
          settings.requests(), settings.clients());
      Table.line("maxConcurrency", "%,d", settings.maxConcurrency());
      Table.line("backends", what);
      Clients.Result result = load(front.uri(), settings);
      Report report = balancer.call(LoadBalancer::report).get();
      Clients.Result single = new Clients(front.uri(), 1).send(ONE_AT_A_TIME, ProgressBar.NONE);
      BalancingTable.print(result, report, single);
      return result;
    }
  }

  private static Clients.Result load(URI front, Settings settings) {
    try (ProgressBar bar = ProgressBar.of(settings.requests())) {
      return new Clients(front, settings.clients()).send(settings.requests(), bar);
    }
  }
}
