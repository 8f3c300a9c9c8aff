package dev.manta.behaviours.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** A subscriber that asks for one element at a time and keeps what it gets. */
public final class Collector<T> implements Flow.Subscriber<T> {
  private final List<T> elements = new ArrayList<>();
  private final CompletableFuture<List<T>> all = new CompletableFuture<>();
  private final int most;
  private Flow.Subscription subscription;

  /** Takes everything. */
  public Collector() {
    this(Integer.MAX_VALUE);
  }

  /** Cancels after some elements, which are then all. */
  public Collector(int most) {
    this.most = most;
  }

  /** What came before the end; fails with the stream's error. */
  public CompletableFuture<List<T>> all() {
    return all;
  }

  @Override
  public void onSubscribe(Flow.Subscription s) {
    subscription = s;
    s.request(1);
  }

  @Override
  public void onNext(T element) {
    elements.add(element);
    if (elements.size() < most) {
      subscription.request(1);
    } else {
      subscription.cancel();
      all.complete(List.copyOf(elements));
    }
  }

  @Override
  public void onError(Throwable error) {
    all.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    all.complete(List.copyOf(elements));
  }
}
