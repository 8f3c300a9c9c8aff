package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * Sends the elements of a stream to the process that reads it, as many as that has room for, and its
 * end after the last. Its monitor is taken before that of the channel.
 */
final class Outflow extends Waiter {
  final Channel channel;
  private final Peer reader;
  private final long id;
  private @Nullable Ref<?> end;
  private long demand;
  private boolean ended;

  Outflow(Peer reader, long id, Channel channel, int demand) {
    this.reader = reader;
    this.id = id;
    this.channel = channel;
    this.demand = demand;
    channel.listen(this::pump);
  }

  void demand(int more) {
    synchronized (this) {
      demand += more;
    }
    pump();
  }

  /** The producing call has ended. */
  @Override
  void completed(Ref<?> call) {
    synchronized (this) {
      end = call;
    }
    channel.end(null);
    pump();
  }

  private void pump() {
    synchronized (this) { // so that the elements keep their order
      while (demand > 0) {
        Object element = channel.poll();
        if (element == null) {
          break;
        }
        demand--;
        WireWriter out = new WireWriter(Frames.ELEMENT);
        out.writeUnsigned(id);
        WireValues.write(reader, out, element);
        reader.send(out);
      }
      Ref<?> call = end;
      if (call != null && channel.isAtEnd() && !ended) {
        ended = true;
        reader.outflows.remove(id);
        reader.answer(id, call);
      }
    }
  }
}
