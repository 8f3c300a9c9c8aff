package dev.manta.engine;

/**
 * A mailbox and a cache line after its word, which callers write with each call: what the holder of the
 * turn writes comes behind it.
 */
@SuppressWarnings("UnusedVariable")
abstract class PaddedMailbox extends Mailbox {
  private int gap;
  private long a, b, c, d, e, f, g;
}
