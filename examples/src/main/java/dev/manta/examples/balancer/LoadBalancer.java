package dev.manta.examples.balancer;

import dev.manta.Manta;
import dev.manta.examples.support.Reply;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An async actor: many calls of {@link #proxyRequest} are inside at once, each gives its turn away
 * while it waits for a backend. Between two waits a call has the actor for itself, so its state
 * needs no locks.
 */
final class LoadBalancer implements AutoCloseable {
  private final HttpClient http = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1)
      .executor(Executors.newVirtualThreadPerTaskExecutor())
      .connectTimeout(Duration.ofSeconds(2))
      .build();
  private final List<Backend> backends;
  private int inside;
  private int mostInside;

  /** Takes the addresses of servers, as in {@code http://127.0.0.1:8080}. */
  LoadBalancer(List<String> servers) {
    backends = servers.stream().map(Backend::new).toList();
  }

  /** Forwards a GET to the backend with the fewest requests, and to the next if that one fails. */
  Answer proxyRequest(String path) {
    mostInside = Math.max(mostInside, ++inside);
    try {
      return Answer.of(reply(path));
    } finally {
      inside--;
    }
  }

  /** What the backends have done so far. */
  Report report() {
    return new Report(mostInside, backends.stream().map(Backend::report).toList());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private Reply reply(String path) {
    List<Backend> tried = new ArrayList<>();
    for (Backend next = pick(tried); next != null; next = pick(tried)) {
      tried.add(next);
      Reply reply = forward(next, path);
      if (reply != null) {
        return reply;
      }
    }
    return Reply.unavailable("no backend is up: " + backends.stream()
        .map(backend -> backend.uri() + " (" + backend.lastFailure() + ")")
        .collect(Collectors.joining(", ")));
  }

  private @Nullable Backend pick(List<Backend> tried) {
    Backend best = null;
    for (Backend backend : backends) {
      if (backend.takesRequests() && !tried.contains(backend)
          && (best == null || backend.isLessBusyThan(best))) {
        best = backend;
      }
    }
    return best;
  }

  private @Nullable Reply forward(Backend backend, String path) {
    backend.sending();
    try {
      HttpResponse<byte[]> response = Manta.await(
          http.sendAsync(backend.request(path), BodyHandlers.ofByteArray()));
      backend.answered();
      return new Reply(response.statusCode(), response.body());
    } catch (CompletionException e) {
      backend.failed(e);
      return null;
    } finally {
      backend.done();
    }
  }
}
