package dev.manta.examples.balancer;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;

/**
 * What the load balancer knows about one server. A server that fails is taken out; from then on one
 * request a second probes it, and the first that is answered brings it back.
 *
 * <p>Part of the actor's state: touched in its turns alone.
 */
final class Backend {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final long PROBE_NS = Duration.ofSeconds(1).toNanos();

  private final String uri;
  private boolean up = true;
  private long lastSentNs = System.nanoTime();
  private int outstanding;
  private int answered;
  private int failed;
  private String lastFailure = "";

  Backend(String uri) {
    this.uri = uri;
  }

  String uri() {
    return uri;
  }

  String lastFailure() {
    return lastFailure;
  }

  HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create(uri + path)).timeout(TIMEOUT).build();
  }

  boolean takesRequests() {
    return up || System.nanoTime() - lastSentNs >= PROBE_NS;
  }

  /** Fewer requests under way; of equals, the one that had none for longer. */
  boolean isLessBusyThan(Backend other) {
    return outstanding != other.outstanding
        ? outstanding < other.outstanding
        : lastSentNs - other.lastSentNs < 0;
  }

  void sending() {
    outstanding++;
    lastSentNs = System.nanoTime();
  }

  void answered() {
    answered++;
    up = true;
  }

  void failed(Throwable failure) {
    failed++;
    up = false;
    lastFailure = Failures.describe(failure);
  }

  void done() {
    outstanding--;
  }

  Report.Line report() {
    return new Report.Line(uri, up, answered, failed, lastFailure);
  }
}
