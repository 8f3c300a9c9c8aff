package dev.manta.examples.balancer;

import dev.manta.examples.support.Reply;
import dev.manta.examples.support.WebServer;
import java.util.ArrayList;
import java.util.List;

/** Real HTTP servers on loopback that answer after different times. */
final class Backends implements AutoCloseable {
  private final List<WebServer> servers = new ArrayList<>();

  /** A running server for each latency. */
  static Backends start(int... latenciesMs) throws Exception {
    Backends backends = new Backends();
    for (int latencyMs : latenciesMs) {
      backends.servers.add(WebServer.start(path -> {
        Thread.sleep(latencyMs);
        return Reply.ok("answered after " + latencyMs + " ms");
      }));
    }
    return backends;
  }

  List<String> uris() {
    return servers.stream().map(server -> server.uri().toString()).toList();
  }

  @Override
  public void close() {
    servers.forEach(WebServer::close);
  }
}
