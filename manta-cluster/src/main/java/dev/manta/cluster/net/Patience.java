package dev.manta.cluster.net;

/**
 * How long a transport waits for others that may have nothing more to say.
 *
 * @param handshakeMs so long a connection that another process opened may not say whose it is
 * @param partingMs so long what a peer has sent is still awaited after nothing reaches it any more
 */
record Patience(long handshakeMs, long partingMs) {
  /** What transports have. */
  static final Patience DEFAULT = new Patience(5_000, 1_000);
}
