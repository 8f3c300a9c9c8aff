package dev.manta.examples.support;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * HTTP clients that send GETs at the same time, each its next one when the last one is answered.
 *
 * @param uri what they ask for
 * @param count how many there are
 * @param pause how long each waits between an answer and its next request
 */
public record Clients(URI uri, int count, Duration pause) {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** Clients that do not pause. */
  public Clients(URI uri, int count) {
    this(uri, count, Duration.ZERO);
  }

  /**
   * What the clients saw.
   *
   * @param latencies of all requests, failed ones too
   * @param seconds the time from the first request to the last answer
   * @param failures what failed, with the server's reason, and how often
   * @param unanswered how many of the failures are requests without an answer
   */
  public record Result(
      Latencies latencies, double seconds, Map<String, Integer> failures, int unanswered) {
    /** The failures of all kinds. */
    public int errors() {
      return failures.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Requests answered in a second. */
    public double perSecond() {
      return latencies.count() / seconds;
    }
  }

  /** Sends a number of requests, and returns when all are answered. */
  public Result send(int requests, ProgressBar bar) {
    AtomicInteger left = new AtomicInteger(requests);
    return sendWhile(() -> left.getAndDecrement() > 0, bar);
  }

  /**
   * Sends requests, and returns when all are answered.
   *
   * @param more asked before each request; called by many threads at once
   */
  public Result sendWhile(BooleanSupplier more, ProgressBar bar) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(threads)
            .build()) {
      Run run = new Run(http, HttpRequest.newBuilder(uri).timeout(TIMEOUT).build());
      long startNs = System.nanoTime();
      try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < count; i++) {
          clients.execute(() -> run.client(more, pause, bar));
        }
      }
      return run.result((System.nanoTime() - startNs) / 1e9);
    }
  }

  /** The requests of one run. */
  private static final class Run {
    private final HttpClient http;
    private final HttpRequest request;
    private final Queue<Long> latenciesNs = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final AtomicInteger unanswered = new AtomicInteger();

    Run(HttpClient http, HttpRequest request) {
      this.http = http;
      this.request = request;
    }

    void client(BooleanSupplier more, Duration pause, ProgressBar bar) {
      try {
        while (more.getAsBoolean()) {
          long startNs = System.nanoTime();
          send();
          latenciesNs.add(System.nanoTime() - startNs);
          bar.step();
          Thread.sleep(pause);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void send() throws InterruptedException {
      try {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() >= 500) {
          failures.merge(response.statusCode() + " " + firstLine(response.body()), 1, Integer::sum);
        }
      } catch (IOException e) {
        failures.merge("no answer: " + e, 1, Integer::sum);
        unanswered.incrementAndGet();
      }
    }

    private static String firstLine(String text) {
      return text.lines()
          .findFirst()
          .orElse("")
          .transform(
              line -> line.length() > 200 ? line.substring(0, 200) + "..." : line);
    }

    Result result(double seconds) {
      long[] all = latenciesNs.stream().mapToLong(Long::longValue).toArray();
      return new Result(new Latencies(all), seconds, new TreeMap<>(failures), unanswered.get());
    }
  }
}
