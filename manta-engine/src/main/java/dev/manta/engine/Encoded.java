package dev.manta.engine;

/** An encoded value: immutable, and decoded any number of times by any threads. */
public interface Encoded {
  /** What it takes, in bytes. */
  long size();

  /**
   * Nobody decodes or sends it any more: what it has in shared memory may go before the collector
   * finds it. The second time nothing happens.
   */
  default void release() {}
}
