package dev.manta.cluster.net;

import dev.manta.engine.StackProbe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The frames to a peer, on one connection after the other: when one breaks this process opens the next, on
 * which the peer says how many frames it has, and the others are sent again. All of it but {@link #send},
 * {@link #sendAlone} and what waits belongs to the peer's loop.
 */
final class Outgoing {
  /** So many buffers are sent in one turn of the loop, then the others have theirs. */
  private static final int CHUNKS_IN_A_ROW = 16;

  /** Longer frames are the loop's. */
  private static final int MAX_ALONE_BYTES = 16 << 10;

  /** So often in a row a connection may break on which nothing was gained. */
  static final int MAX_TRIES = 10;

  /** How long is waited before such a try, at most. All of them take less than half a second. */
  private static final long MAX_PAUSE_MS = 64;

  /** A connection that lasted so long has gained something. */
  private static final long LASTING_NS = 1_000_000_000;

  private final Peer peer;
  private final SocketTransport transport;
  private final IoLoop loop;
  private final SendQueue queue = new SendQueue();
  private final Runnable drain = this::drain;
  private final Runnable writeFailed = this::aloneFailed;

  /** How many connections were opened. */
  private int connections;

  /** The latest of them; null before the first frame, and while it is waited before the next try. */
  private @Nullable Outbound connection;

  /** When it was opened. */
  private long openedNs;

  /** The same, once the peer has answered; null from when it breaks. */
  private @Nullable Outbound open;

  /** What that has not taken yet of what was taken from the queue; null if all. */
  private @Nullable ByteBuffer unsent;

  /** The same for any thread that has begun to write. Set only by who has begun, but for null. */
  private volatile @Nullable SocketChannel direct;

  /** The socket to which a thread that has begun could not write. */
  private @Nullable SocketChannel failed;

  /** The loop has begun to write, and goes on. */
  private boolean holding;

  /** So many connections in a row have broken on which nothing was gained. */
  private int tries;

  /** Why the first of those broke. */
  private @Nullable String reason;

  private boolean closed;

  /** Something was written since it was last asked. */
  private boolean wrote;

  Outgoing(Peer peer, SocketTransport transport, IoLoop loop) {
    this.peer = peer;
    this.transport = transport;
    this.loop = loop;
  }

  /** Sends a frame; any thread. */
  void send(byte[] frame) {
    if (queue.hasNone()) { // so the loop is to be woken, which must not fail halfway
      StackProbe.ensureRoomToSend();
    }
    if (queue.push(frame)) {
      loop.execute(drain);
    }
  }

  /**
   * Sends a frame that nothing is known to follow soon: by the caller itself where no other waits, since
   * to wake the loop takes longer than the writing. Any thread.
   */
  void sendAlone(byte[] frame) {
    if (direct == null || frame.length > MAX_ALONE_BYTES || !queue.isIdle()) {
      send(frame);
      return;
    }
    StackProbe.ensureRoomToSend();
    ByteBuffer bytes = ByteBuffer.allocate(FrameDecoder.HEADER_BYTES + frame.length);
    bytes.putInt(frame.length).put(frame).flip();
    SendQueue.Entry entry = new SendQueue.Entry(frame);
    if (!queue.begin()) {
      send(frame);
      return;
    }
    SocketChannel socket = direct; // not that of a connection which broke meanwhile
    if (socket != null && queue.append(entry)) {
      try {
        socket.write(bytes); // does not wait, so an interrupt does not close it
      } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
        failed = socket;
        loop.execute(writeFailed); // as if still writing, since nobody may write any more
        return;
      }
      if (bytes.hasRemaining()) {
        queue.putBack(bytes.position());
      }
    } else {
      queue.push(entry);
    }
    end();
  }

  private void end() {
    if (queue.end()) {
      loop.execute(drain);
    }
  }

  /** The bytes that wait to be sent; any thread. */
  long queuedBytes() {
    return queue.bytes();
  }

  /** The memory of frames that were sent and that the peer may not have; any thread. */
  long heldBytes() {
    return queue.heldBytes();
  }

  /** Whether something was written since this was last asked, or will be as soon as that can be. */
  boolean isBusy() {
    boolean busy = wrote || queue.bytes() > 0;
    wrote = false;
    return busy;
  }

  /** Opens a connection if there was none yet: it shows whether the peer lives. */
  void begin() {
    if (connections == 0) {
      connect();
    }
  }

  private void connect() {
    if (closed || connection != null) {
      return;
    }
    connections++;
    openedNs = System.nanoTime();
    Handshake handshake =
        new Handshake(
            Handshake.VERSION, transport.self(), transport.id(), peer.id(), connections);
    Outbound next;
    try {
      next =
          new Outbound(
              this,
              loop,
              handshake.encode(transport.secret()),
              transport.sockets(),
              peer.number());
    } catch (IOException | RuntimeException e) {
      lost("cannot be reached: " + e.getMessage());
      return;
    }
    connection = next;
    next.connect();
  }

  /** The peer can't be connected to: it is gone. */
  void unreachable(Outbound which, Throwable cause) {
    if (which == connection) {
      lost(reason == null ? "cannot be reached: " + cause.getMessage() : reason);
    }
  }

  /** The peer takes nothing any more, or was not meant. */
  void refused(Outbound which) {
    if (which == connection) {
      lost(reason == null ? "closed the connection" : reason);
    }
  }

  /** The peer has broken the protocol. */
  void failed(Outbound which, FrameException e) {
    if (which == connection) {
      peer.lose(e.why());
    }
  }

  private void lost(String why) {
    close();
    peer.outboundLost(why);
  }

  /** A connection is over and nobody has said why. */
  void broken(Outbound which, String why) {
    if (which != connection) {
      return;
    }
    connection = null;
    shut();
    if (System.nanoTime() - openedNs > LASTING_NS) {
      gained();
    }
    if (reason == null) {
      reason = why;
    }
    if (tries == MAX_TRIES) {
      lost(reason);
    } else if (tries++ == 0) {
      connect();
    } else {
      loop.schedule(Math.min(MAX_PAUSE_MS, 1L << (tries - 2)), this::connect);
    }
  }

  private void gained() {
    tries = 0;
    reason = null;
  }

  /** The peer takes frames, and has so many. */
  void taken(Outbound which, long id, long count) {
    if (which != connection) {
      return;
    }
    if (!peer.isSame(id)) {
      peer.lose("is another process than before");
    } else if (!holding && !queue.begin()) {
      // a thread still writes to a connection before this one; it ends soon
      loop.schedule(1, () -> taken(which, id, count));
    } else {
      holding = true;
      try {
        if (queue.rewind(count)) {
          gained();
        }
      } catch (FrameException e) {
        peer.lose(e.why());
        return;
      }
      open = which;
      direct = which.socket();
      write(which);
    }
  }

  /** The peer has so many frames. */
  void acknowledged(Outbound which, long count) {
    if (which != connection) {
      return;
    }
    gained();
    queue.acknowledge(count);
    Outbound to = open;
    if (holding) {
      var _ = trim();
    } else if (to != null && queue.begin()) {
      holding = true;
      write(to);
    } // else who writes has this done at its end
  }

  private boolean trim() {
    try {
      queue.trim();
      return true;
    } catch (FrameException e) {
      peer.lose(e.why());
      return false;
    }
  }

  /** Writes what waits, unless somebody does. */
  private void drain() {
    Outbound to = open;
    if (closed) {
      clear();
    } else if (to == null) {
      begin();
    } else if (!holding && queue.begin()) {
      holding = true;
      write(to);
    }
  }

  /** Writes what the connection takes at once; true if there is something and no connection yet. */
  boolean finish() {
    if (queue.bytes() == 0 || closed) {
      return false;
    }
    drain();
    return open == null && !closed;
  }

  /** Writes what waits, as who has begun. */
  private void write(Outbound to) {
    if (!trim()) {
      return;
    }
    for (int i = 0; i < CHUNKS_IN_A_ROW; i++) {
      if (!queue.isReady()) {
        holding = false;
        end();
        return;
      }
      ByteBuffer chunk = loop.takeChunk();
      queue.fill(chunk);
      wrote = true;
      if (!write(to, chunk.flip())) {
        return;
      }
    }
    holding = false;
    var _ = queue.end();
    loop.execute(drain);
  }

  /** Writes a buffer; false if the connection does not take it all now. */
  private boolean write(Outbound to, ByteBuffer chunk) {
    try {
      to.write(chunk);
    } catch (IOException | RuntimeException e) {
      loop.giveBack(chunk);
      writeFailed();
      return false;
    }
    if (!chunk.hasRemaining()) {
      loop.giveBack(chunk);
      return true;
    }
    // one buffer at a time, so that what waits is counted in the queue
    unsent = chunk;
    to.awaitWritable(true);
    return false;
  }

  /** A connection takes more. */
  void writable(Outbound which) {
    ByteBuffer chunk = unsent;
    if (which == open && chunk != null) {
      unsent = null;
      which.awaitWritable(false);
      if (write(which, chunk)) {
        write(which);
      }
    }
  }

  /** A thread could not write, and has left the writing to the loop. */
  private void aloneFailed() {
    holding = true;
    if (closed) {
      clear();
    } else if (connection != null && connection.socket().equals(failed)) {
      writeFailed();
    }
  }

  private void writeFailed() {
    shut();
    if (connection != null) {
      connection.closeSoon();
    }
  }

  /** Drops what waits, and what is sent from now on. */
  void close() {
    closed = true;
    shut();
    queue.close();
    clear();
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  /** Nothing is written any more to the connection that was open. */
  private void shut() {
    open = null;
    direct = null;
    if (unsent != null) {
      loop.giveBack(unsent);
      unsent = null;
    }
  }

  private void clear() {
    if (holding || queue.begin()) {
      holding = true; // for good
      queue.clear();
    } // else who writes has this done at its end
  }
}
