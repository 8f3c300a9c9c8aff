package dev.manta.examples.after;

import dev.manta.ActorRef;
import dev.manta.Manta;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Quotes options: asks for the share's price, computes, and keeps count. */
final class Quotes implements AutoCloseable {
  private final Manta manta = Manta.start();
  private final ActorRef<Activity> activity = manta.actor(Activity::new);
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
    return activity.call(Activity::summary).toCompletableFuture();
  }

  private CompletableFuture<Quote> quote(Option option, double spot) {
    return manta.submit(() -> new Quote(option, spot, MonteCarlo.price(option, spot)))
        .toCompletableFuture();
  }

  private CompletableFuture<Quote> recorded(Quote quote) {
    return activity.run(a -> a.record(quote)).thenApply(done -> quote).toCompletableFuture();
  }

  @Override
  public void close() {
    manta.close();
  }
}
