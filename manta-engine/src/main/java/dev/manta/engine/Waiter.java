package dev.manta.engine;

import org.jspecify.annotations.Nullable;

/** Somebody who is told when a ref completes, on the thread that completes it: must be quick. */
abstract class Waiter {
  /** The link of the ref's list of waiters. */
  @Nullable Waiter next;

  /** Nobody waits any more: the node is only to be unlinked. */
  volatile boolean abandoned;

  /** The ref has completed. */
  abstract void completed(Ref<?> ref);
}
