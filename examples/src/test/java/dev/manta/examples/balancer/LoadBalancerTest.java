package dev.manta.examples.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.examples.support.Reply;
import dev.manta.examples.support.WebServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadBalancerTest {
  @Test
  void backend_thatIsDown_isTakenOutAndItsRequestsGoToAnother() throws Exception {
    try (Manta manta = Manta.start();
        Backends backends = Backends.start(0)) {
      String up = backends.uris().getFirst();
      String down = freeAddress();
      ActorRef<LoadBalancer> balancer =
          manta.actor(() -> new LoadBalancer(List.of(down, up)));

      var replies =
          IntStream.range(0, 20).mapToObj(i -> balancer.call(b -> b.proxyRequest("/"))).toList();

      assertThat(manta.getAll(replies)).allMatch(answer -> answer.reply().status() == 200);
      Report report = balancer.call(LoadBalancer::report).get();
      assertThat(report.lines().get(0).up()).isFalse();
      assertThat(report.lines().get(0).lastFailure()).containsIgnoringCase("refused");
      assertThat(report.lines().get(1).answered()).isEqualTo(20);
    }
  }

  @Test
  void allBackendsDown_isA503WithTheReason() throws Exception {
    try (Manta manta = Manta.start()) {
      String down = freeAddress();
      ActorRef<LoadBalancer> balancer = manta.actor(() -> new LoadBalancer(List.of(down)));

      Reply reply = balancer.call(b -> b.proxyRequest("/")).get().reply();

      assertThat(reply.status()).isEqualTo(503);
      assertThat(new String(reply.body(), StandardCharsets.UTF_8)).contains("no backend is up",
          down);
    }
  }

  @Test
  void requests_areForwardedWithTheirPathAndQuery() throws Exception {
    try (Manta manta = Manta.start();
        WebServer backend = WebServer.start(Reply::ok)) {
      String address = backend.uri().toString();
      ActorRef<LoadBalancer> balancer = manta.actor(() -> new LoadBalancer(List.of(address)));

      Reply reply = balancer.call(b -> b.proxyRequest("/photo?width=320")).get().reply();

      assertThat(new String(reply.body(), StandardCharsets.UTF_8)).isEqualTo("/photo?width=320");
    }
  }

  /** The address of a server that has stopped. */
  private static String freeAddress() throws Exception {
    try (WebServer server = WebServer.start(Reply::ok)) {
      return server.uri().toString();
    }
  }
}
