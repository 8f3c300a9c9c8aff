package dev.manta.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.examples.support.Reply;
import dev.manta.examples.support.WebServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The application that was scaled answers as it did before. */
class BeforeAndAfterTest {
  private static final List<String> REQUESTS =
      List.of(
          "/quote?symbol=ACME&strike=120&days=30",
          "/delta?symbol=ACME&strike=120&days=10",
          "/portfolio?positions=10:ACME:120:30,5:UMBR:30:20",
          "/quote?symbol=ACME&strike=1000000&days=30",
          "/quote?symbol=NONE&strike=1&days=1",
          "/quote?symbol=ACME",
          "/nothing",
          "/activity");

  @Test
  void scaledApplication_answersAsBefore() throws Exception {
    try (WebServer exchange = WebServer.start(BeforeAndAfterTest::spot);
        var before = dev.manta.examples.before.QuoteServer.start(0, exchange.uri());
        var after = dev.manta.examples.after.QuoteServer.start(0, exchange.uri())) {
      List<String> expected = answers(before.uri());

      assertThat(answers(after.uri())).isEqualTo(expected);
      assertThat(expected.getFirst()).startsWith("200 ACME for 120.00 in 30 days");
    }
  }

  private static Reply spot(String path) {
    return switch (path) {
      case "/spot/ACME" -> Reply.ok("118.5");
      case "/spot/UMBR" -> Reply.ok("31.25");
      default -> Reply.text(404, "unknown");
    };
  }

  private static List<String> answers(URI server) throws Exception {
    List<String> answers = new ArrayList<>();
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (String request : REQUESTS) {
        HttpResponse<String> response =
            http.send(
                HttpRequest.newBuilder(server.resolve(request)).build(), BodyHandlers.ofString());
        answers.add(response.statusCode() + " " + response.body());
      }
    }
    return answers;
  }
}
