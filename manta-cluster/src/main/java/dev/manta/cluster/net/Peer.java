package dev.manta.cluster.net;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Another process: what is sent to it, what comes from it, and whether it is lost. All of it but {@link
 * #outgoing}'s sending belongs to one loop, on whose thread all else is called.
 *
 * <p>A connection that ends is no loss: who opened it opens the next. The peer is lost when it can't be
 * connected to, or takes no frames. So where the connection that it has opened ends, this process sees to
 * it that there is one the other way, which tells.
 */
final class Peer {
  /** A header without a frame. */
  private static final byte[] SIGN_OF_LIFE = {};

  private final SocketTransport transport;
  private final int number;
  private final IoLoop loop;
  private final Outgoing outgoing;
  private final Incoming incoming;

  /** What it has made up to be told from others of its number; 0 before it has said so. */
  private long id;

  /** Why nothing reaches the peer any more, though it may have sent something before. */
  private @Nullable String parting;

  /** Why the last connection that the peer has opened has ended. */
  private String ending = "";

  private boolean lost;

  /** Something has come since the last look. */
  private boolean heard;

  Peer(SocketTransport transport, int number, IoLoop loop) {
    this.transport = transport;
    this.number = number;
    this.loop = loop;
    this.outgoing = new Outgoing(this, transport, loop);
    this.incoming = new Incoming(transport, loop);
  }

  int number() {
    return number;
  }

  IoLoop loop() {
    return loop;
  }

  /** What is sent to it; for any thread. */
  Outgoing outgoing() {
    return outgoing;
  }

  Incoming incoming() {
    return incoming;
  }

  long id() {
    return id;
  }

  /** Whether this is the process that was heard of before, if one was. */
  boolean isSame(long otherId) {
    if (id == 0) {
      id = otherId;
    }
    return id == otherId;
  }

  /** A frame has come. */
  void received(ByteBuffer frame) {
    if (!lost) {
      incoming.came(frame.remaining());
      transport.received(number, frame);
    }
  }

  /** Bytes have come. */
  void heard() {
    heard = true;
  }

  /** Sends a sign of life now and then, while nothing else is sent. */
  void beat(long everyMs) {
    if (lost) {
      return;
    }
    if (!outgoing.isBusy()) {
      outgoing.send(SIGN_OF_LIFE);
    }
    loop.schedule(everyMs, () -> beat(everyMs));
  }

  /**
   * Looks now and then whether something has come. It counts looks and not time: this process may have
   * stood still, and then what has come is read before the next look but one.
   *
   * @param most so many looks in a row may find nothing, then {@code silent} is run
   */
  void watch(long everyMs, int most, Runnable silent) {
    heard = false;
    loop.schedule(everyMs, () -> look(everyMs, most, most, silent));
  }

  private void look(long everyMs, int most, int left, Runnable silent) {
    if (lost) {
      return;
    }
    int now = heard ? most : left - 1;
    heard = false;
    if (now > 0) {
      loop.schedule(everyMs, () -> look(everyMs, most, now, silent));
    } else {
      silent.run();
    }
  }

  /** Whether frames are taken of who says this on a connection that it has opened. */
  boolean takes(Handshake theirs) {
    return !lost
        && theirs.id() != 0
        && (theirs.receiver() == 0 || theirs.receiver() == transport.id())
        && isSame(theirs.id());
  }

  /**
   * Nothing reaches the peer any more. It is lost once all that it has sent is read: what comes on its
   * connection, which may not even be accepted yet, can be older than this loss.
   */
  void outboundLost(String why) {
    if (lost || parting != null) {
      return;
    }
    if (incoming.hasEnded()) {
      lose(ending);
      return;
    }
    parting = why;
    loop.schedule(transport.patience().partingMs(), () -> lose(why));
  }

  /** Nothing comes from the peer any more on this connection. */
  void inboundLost(Inbound which, String why) {
    if (!incoming.isOn(which)) {
      return;
    }
    incoming.ended();
    if (parting != null) {
      lose(parting);
    } else {
      ending = why;
      outgoing.begin();
    }
  }

  /** Gives the peer up and tells so, once. */
  void lose(String why) {
    if (!lost) {
      shut();
      transport.lost(number, why);
    }
  }

  /** Gives the peer up. */
  void shut() {
    lost = true;
    outgoing.close();
    incoming.close();
  }

  /** Sends what the connection takes at once of what waits; true if it waits for a connection. */
  boolean finish() {
    return outgoing.finish();
  }
}
