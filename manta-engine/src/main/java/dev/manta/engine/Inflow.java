package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a stream that another process produces. As many are on their way as there is room
 * for: the producer is told of each half of the buffer that has been read.
 */
final class Inflow {
  final Channel channel;
  final Streams.Source source;
  final int capacity;

  /* Set when the call is sent, before the first element can come. */
  private volatile @Nullable Peer peer;
  private long id;

  /** Elements that were read, of which the producer has not been told. Guarded by this. */
  private int read;

  Inflow(Engine engine, Streams.Source source, int capacity) {
    this.channel = new Channel(engine, capacity, null);
    this.source = source;
    this.capacity = capacity;
    channel.onPoll(this::polled);
    channel.onEnd(this::tellRead);
  }

  void begin(Peer producer, long id) {
    synchronized (this) {
      this.id = id;
      read = 0;
    }
    peer = producer;
  }

  private void polled() {
    synchronized (this) {
      if (++read < (capacity + 1) / 2 && !channel.isOver()) {
        return;
      }
    }
    tellRead();
  }

  /** Also when the producer has ended: its elements keep their places until it hears of the last. */
  private void tellRead() {
    int more;
    synchronized (this) {
      more = read;
      read = 0;
    }
    Peer p = peer;
    if (p != null && more > 0) {
      WireWriter out = new WireWriter(Frames.DEMAND);
      out.writeUnsigned(id).writeUnsigned(more);
      p.sendAlone(out);
    }
  }

  /** Elements have come. */
  void arrived(List<Object> elements) {
    for (int unread = channel.offerAll(elements); unread > 0; unread--) {
      polled();
    }
  }
}
