package dev.manta.examples.balancer;

import dev.manta.ActorRef;
import dev.manta.examples.support.WebServer;

/** The HTTP server that clients talk to: each request is one call of the load balancer. */
final class FrontServer {
  private FrontServer() {}

  static WebServer start(ActorRef<LoadBalancer> balancer, Answers answers) throws Exception {
    return WebServer.start(path -> answers.take(balancer.call(b -> b.proxyRequest(path)).get()));
  }
}
