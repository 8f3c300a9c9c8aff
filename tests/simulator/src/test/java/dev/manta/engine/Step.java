package dev.manta.engine;

/** Something that simulated user code does. {@code index} is an earlier op of the same code. */
sealed interface Step {
  record Submit(Op op) implements Step {}

  /** A get, with a time-out or without (0). */
  record Await(int index, long timeoutMs) implements Step {}

  record AwaitAll() implements Step {}

  /** Waits until some ops of the same code are complete. */
  record AwaitSome(int count, long timeoutMs) implements Step {}

  record Sleep(long ms) implements Step {}

  /** Takes time without an await. */
  record Compute(long ms) implements Step {}

  record Yield() implements Step {}

  record Block(long ms) implements Step {}

  /** Hangs a dependent on a ref. */
  record Then(int index) implements Step {}

  record Cancel(int index, boolean children) implements Step {}

  /** Cancels an op that somebody submitted. */
  record CancelAny(int number, boolean children) implements Step {}

  record Kill(int actor, boolean restart) implements Step {}

  /** The code's own actor is no longer held by anything. */
  record Drop(int actor) implements Step {}

  record Close(long drainMs) implements Step {}
}
