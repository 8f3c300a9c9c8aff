package dev.manta.engine;

import dev.manta.NotExecutedException;

/** Completes work as its next attempt completes. */
final class Relay extends Waiter {
  private final Work<?> earlier;

  Relay(Work<?> earlier) {
    this.earlier = earlier;
  }

  @Override
  void completed(Ref<?> next) {
    Throwable error = next.error();
    if (error == null) {
      earlier.complete(next.raw());
    } else {
      boolean ran = error instanceof NotExecutedException && !earlier.neverRan();
      earlier.fail(ran ? Failures.ranBefore((NotExecutedException) error) : error);
    }
  }
}
