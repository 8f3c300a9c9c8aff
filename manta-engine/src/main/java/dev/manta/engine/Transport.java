package dev.manta.engine;

import java.nio.ByteBuffer;

/**
 * How an engine reaches the engines of other processes. Given to the engine, which has no sockets, so
 * that it also runs under a simulator.
 *
 * <p>Processes have numbers: 0 is the one that started the others. A number is never used again.
 */
public interface Transport extends AutoCloseable {
  /** The highest number of a process. */
  int MAX_PEER = 999_999;

  /** The longest frame, in bytes. */
  int MAX_FRAME_BYTES = 64 << 20;

  /** The number of this process. */
  int self();

  /**
   * Sends a frame; any thread, never blocks. What is sent to one peer after another frame to it was sent,
   * by the same thread or by one that knows of that, arrives after it; each frame once, until that peer is
   * lost; what is sent after that is dropped.
   *
   * @param frame not to be changed any more by the caller
   */
  void send(int peer, byte[] frame);

  /**
   * As {@link #send}, with the hint that nothing is expected to follow soon, so that to wait for more is of
   * no use.
   */
  default void sendAlone(int peer, byte[] frame) {
    send(peer, frame);
  }

  /**
   * Gives up the connections with a peer, which is lost then, as one that broke them: its loss is told
   * as any other. Any thread; a frame that is being read meanwhile may still come. Without effect on one
   * that is lost, and on this process itself.
   *
   * @param why in words that fit after "worker 3 "
   */
  void drop(int peer, String why);

  /** Takes no more frames and gives up all connections. Nobody is told of a loss. */
  @Override
  void close();

  /** Is told what comes. */
  interface Receiver {
    /**
     * A frame has come. Called by the thread that reads from that peer, one at a time for each peer;
     * must not block.
     *
     * @param frame heap or direct, big endian; valid during this call only
     */
    void received(int peer, ByteBuffer frame);

    /**
     * A peer is gone: nothing reaches it any more, and what still comes from it does not count. Told for
     * each peer, once or more often.
     *
     * @param why in words that fit after "worker 3 "
     */
    void lost(int peer, String why);
  }
}
