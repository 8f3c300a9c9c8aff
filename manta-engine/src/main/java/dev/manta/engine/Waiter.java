package dev.manta.engine;

import org.jspecify.annotations.Nullable;

/** Somebody who is told when a ref completes, on the thread that completes it: must be quick. */
abstract class Waiter {
  /** The link of the ref's list of waiters. */
  @Nullable Waiter next;

  /** The link of those that are being told, oldest first: unlinking never touches it. */
  @Nullable Waiter newer;

  /** Nobody waits any more: the node is only to be unlinked. */
  volatile boolean abandoned;

  /** Whether being told of an error is looking at it: not for the engine's own book-keeping. */
  boolean looks() {
    return true;
  }

  /** The ref has completed. */
  abstract void completed(Ref<?> ref);
}
