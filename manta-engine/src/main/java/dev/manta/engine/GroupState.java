package dev.manta.engine;

/** One concurrency group of an incarnation: its limit, and the calls that wait for a place in it. */
final class GroupState {
  final int max;

  /** Started and not finished. Changed in turns; read by anybody. */
  volatile int started;

  /** Waiting for a place, oldest first. Guarded by the incarnation. */
  final CallList deferred;

  GroupState(Incarnation owner, int max) {
    this.max = max;
    this.deferred = new CallList(owner);
  }
}
