package dev.manta.engine;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** A transport that also takes frames of a process to itself, which it hands over in order. */
final class WithSelf implements Transport {
  private final Transport others;
  private final Receiver receiver;
  private final Host host;
  private final ArrayDeque<byte[]> line = new ArrayDeque<>();
  private boolean delivering;

  WithSelf(Transport others, Receiver receiver, Host host) {
    this.others = others;
    this.receiver = receiver;
    this.host = host;
  }

  @Override
  public int self() {
    return others.self();
  }

  @Override
  public void send(int peer, byte[] frame) {
    if (peer != self()) {
      others.send(peer, frame);
      return;
    }
    synchronized (line) {
      line.add(frame);
      if (delivering) {
        return;
      }
      delivering = true;
    }
    var _ = host.startVirtual("manta-self", this::deliver);
  }

  @Override
  public void sendAlone(int peer, byte[] frame) {
    if (peer == self()) {
      send(peer, frame);
    } else {
      others.sendAlone(peer, frame);
    }
  }

  private void deliver() {
    for (;;) {
      byte[] frame;
      synchronized (line) {
        frame = line.poll();
        if (frame == null) {
          delivering = false;
          return;
        }
      }
      receiver.received(self(), ByteBuffer.wrap(frame));
    }
  }

  @Override
  public void drop(int peer, String why) {
    if (peer != self()) {
      others.drop(peer, why);
    }
  }

  @Override
  public void close() {
    others.close();
  }
}
