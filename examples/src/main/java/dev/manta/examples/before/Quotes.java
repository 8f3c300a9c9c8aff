package dev.manta.examples.before;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Quotes options: asks for the share's price, computes, and keeps count. */
final class Quotes implements AutoCloseable {
  private final ExecutorService cpus =
      Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
  private final Activity activity = new Activity();
  private final MarketFeed feed;

  Quotes(MarketFeed feed) {
    this.feed = feed;
  }

  /** What an option costs. */
  CompletableFuture<Quote> quote(Option option) {
    return feed.spot(option.symbol())
        .thenCompose(spot -> quote(option, spot))
        .thenCompose(this::recorded);
  }

  /** By how much the price of an option moves if its share moves by one. */
  CompletableFuture<Double> delta(Option option) {
    return feed.spot(option.symbol()).thenCompose(spot -> {
      CompletableFuture<Quote> below = quote(option, spot - 0.5);
      CompletableFuture<Quote> above = quote(option, spot + 0.5);
      return above.thenCombine(below, (up, down) -> up.price() - down.price());
    });
  }

  /** What all positions are worth, each computed at the same time. */
  CompletableFuture<Double> value(List<Position> positions) {
    List<CompletableFuture<Double>> values = positions.stream()
        .map(position -> quote(position.option())
            .thenApply(quote -> position.quantity() * quote.price()))
        .toList();
    return CompletableFuture.allOf(values.toArray(CompletableFuture[]::new))
        .thenApply(done -> values.stream().mapToDouble(CompletableFuture::join).sum());
  }

  /** What was asked for so far. */
  CompletableFuture<String> activity() {
    return CompletableFuture.completedFuture(activity.summary());
  }

  private CompletableFuture<Quote> quote(Option option, double spot) {
    return CompletableFuture.supplyAsync(
        () -> new Quote(option, spot, MonteCarlo.price(option, spot)), cpus);
  }

  private CompletableFuture<Quote> recorded(Quote quote) {
    activity.record(quote);
    return CompletableFuture.completedFuture(quote);
  }

  @Override
  public void close() {
    cpus.close();
  }
}
