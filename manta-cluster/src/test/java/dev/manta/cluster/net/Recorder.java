package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.engine.Transport;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A receiver that keeps what it is told, in order. */
class Recorder implements Transport.Receiver {
  private static final long TIMEOUT_S = 30;

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  /** A frame, or a loss. */
  record Event(int peer, byte[] frame, String why) {}

  @Override
  public void received(int peer, ByteBuffer frame) {
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    events.add(new Event(peer, bytes, null));
  }

  @Override
  public void lost(int peer, String why) {
    events.add(new Event(peer, null, why));
  }

  Event next() throws InterruptedException {
    Event event = events.poll(TIMEOUT_S, TimeUnit.SECONDS);
    assertThat(event).as("something within %d s", TIMEOUT_S).isNotNull();
    return event;
  }

  /** The next event, which is a frame. */
  byte[] frame(int peer) throws InterruptedException {
    Event event = next();
    assertThat(event.why()).as("no loss of %d", event.peer()).isNull();
    assertThat(event.peer()).isEqualTo(peer);
    return event.frame();
  }

  /** The reason of the next event, which is a loss. */
  String loss(int peer) throws InterruptedException {
    Event event = next();
    assertThat(event.why()).as("a loss, no frame of %d", event.peer()).isNotNull();
    assertThat(event.peer()).isEqualTo(peer);
    return event.why();
  }

  boolean isEmpty() {
    return events.isEmpty();
  }
}
