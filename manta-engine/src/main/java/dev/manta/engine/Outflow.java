package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * Sends the elements of a stream to the process that reads it, and the stream's end after the last. An
 * element keeps its place in the producer's buffer until it was read. Its monitor is taken before that of
 * the channel.
 */
final class Outflow extends Waiter {
  private final Channel channel;
  private final Peer reader;
  private final long id;
  private @Nullable Ref<?> end;
  private boolean ended;

  Outflow(Peer reader, long id, Channel channel) {
    this.reader = reader;
    this.id = id;
    this.channel = channel;
    channel.listen(this::pump);
  }

  /** The reader has read some. */
  void read(int elements) {
    channel.read(elements);
    boolean over;
    synchronized (this) {
      over = ended && !channel.hasLent();
    }
    if (over) {
      reader.outflows.remove(id);
    }
  }

  /** Nobody will read any more. */
  void abandon() {
    channel.abandon();
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
      for (Object element = channel.lend(); element != null; element = channel.lend()) {
        WireWriter out = new WireWriter(Frames.ELEMENT);
        out.writeUnsigned(id);
        try {
          WireValues.write(reader, out, element);
          reader.send(out);
          if (element instanceof Copied c) {
            c.letGo();
          }
        } catch (RuntimeException e) {
          out.truncate(0);
          end = new Ref<>(reader.engine);
          end.fail(Failures.notSent(end, e));
          channel.abandon();
          channel.end(null);
        }
      }
      Ref<?> call = end;
      if (call != null && channel.isAtEnd() && !ended) {
        ended = true;
        reader.answer(id, call);
        if (!channel.hasLent()) {
          reader.outflows.remove(id);
        }
      }
    }
  }
}
