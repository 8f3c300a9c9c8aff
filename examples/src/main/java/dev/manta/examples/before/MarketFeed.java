package dev.manta.examples.before;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The prices of shares, from an exchange that speaks HTTP. */
final class MarketFeed implements AutoCloseable {
  private final URI exchange;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  MarketFeed(URI exchange) {
    this.exchange = exchange;
  }

  /** What a share costs now. */
  CompletableFuture<Double> spot(String symbol) {
    return CompletableFuture.supplyAsync(() -> ask(symbol), threads);
  }

  private double ask(String symbol) {
    try {
      HttpRequest request = HttpRequest.newBuilder(exchange.resolve("/spot/" + symbol)).build();
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalArgumentException("unknown symbol " + symbol);
      }
      return Double.parseDouble(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException("the exchange does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    threads.close();
    http.close();
  }
}
