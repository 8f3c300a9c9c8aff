package dev.manta.engine;

/** An encoded value: immutable, and decoded any number of times by any threads. */
public interface Encoded {
  /** What it takes, in bytes. */
  long size();
}
