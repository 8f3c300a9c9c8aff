package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Carries frames between simulated processes: in order from one to another, and otherwise whenever the
 * scheduler likes. Its peers see a process go at different times, as in reality.
 */
final class SimNetwork {
  private static final long MS = World.MS;

  /** A process that nobody can speak to ends within this time. */
  private static final long EXIT_MS = 1_000;

  private final Cluster cluster;
  private final Scheduler scheduler;
  private final Wiretap tap;
  private final Map<Integer, Map<Integer, Line>> lines = new TreeMap<>();

  SimNetwork(Cluster cluster) {
    this.cluster = cluster;
    this.scheduler = cluster.scheduler;
    this.tap = cluster.tap;
  }

  /** The way of frames from one process to another. */
  private final class Line {
    final SimProcess from;
    final SimProcess to;
    final ArrayDeque<byte[]> frames = new ArrayDeque<>();
    final int slowMs;
    boolean active;
    boolean closed;
    String lost;

    Line(SimProcess from, SimProcess to) {
      this.from = from;
      this.to = to;
      this.slowMs = random(3) == 0 ? 1 + random(8) : 0;
    }

    void push(byte[] frame) {
      Hooks.checkpoint();
      if (!closed) {
        tap.sent(from, to, frame);
        frames.add(frame);
        start();
      }
      Hooks.checkpoint();
    }

    private void start() {
      if (!active && to.alive) {
        active = true;
        var _ = scheduler.spawn(to.number, "reader of " + from, this::read);
      }
    }

    private void read() {
      for (;;) {
        if (slowMs > 0 && random(2) == 0) {
          scheduler.sleep(random(slowMs) * MS);
        }
        byte[] frame = frames.poll();
        if (frame != null) {
          cluster.log(() -> to + " gets from " + from + ": " + Wiretap.words(frame));
          to.peers.received(from.number, ByteBuffer.wrap(frame).asReadOnlyBuffer());
          continue;
        }
        active = false;
        String why = lost;
        if (why != null) {
          lost = null;
          cluster.log(() -> to + " loses " + from);
          to.peers.lost(from.number, why);
        }
        return;
      }
    }

    /** Nothing more is sent; some of what was sent may still arrive. */
    void close(boolean somethingArrives) {
      closed = true;
      int arrive = somethingArrives ? random(frames.size() + 1) : 0;
      while (frames.size() > arrive) {
        var _ = frames.removeLast();
      }
    }

    /** The reader sees that the other is gone, after the last frame. */
    void tellLoss(String why) {
      if (to.alive) {
        lost = why;
        start();
      }
    }
  }

  private int random(int bound) {
    return scheduler.random().nextInt(bound);
  }

  private Line line(SimProcess from, SimProcess to) {
    return lines.computeIfAbsent(from.number, n -> new TreeMap<>())
        .computeIfAbsent(to.number, n -> new Line(from, to));
  }

  private List<Line> lines(SimProcess of, boolean away) {
    List<Line> all = new ArrayList<>();
    for (Map<Integer, Line> from : lines.values()) {
      for (Line line : from.values()) {
        if ((away ? line.from : line.to) == of) {
          all.add(line);
        }
      }
    }
    return all;
  }

  Transport of(SimProcess process) {
    return new Transport() {
      @Override
      public int self() {
        return process.number;
      }

      @Override
      public void send(int peer, byte[] frame) {
        SimProcess to = cluster.processes.get(peer);
        if (to != null && to.alive) {
          line(process, to).push(frame);
        }
      }

      @Override
      public void drop(int peer, String why) {
        SimProcess other = cluster.processes.get(peer);
        cluster.log(() -> process + " drops " + other + ": " + why);
        if (other != null && other.alive && !line(process, other).closed) {
          cut(process, other, why);
        }
      }

      @Override
      public void close() {}
    };
  }

  /** A frame that makes no sense. */
  void garble(SimProcess from, SimProcess to) {
    if (from.alive && to.alive && !line(from, to).closed) {
      line(from, to).frames.add(new byte[]{(byte) Frames.RELEASE});
      line(from, to).start();
    }
  }

  // ---- losses

  /** Two give up their connection; what is left of it is closed by the driver. */
  private void cut(SimProcess by, SimProcess other, String why) {
    Line there = line(by, other);
    Line back = line(other, by);
    there.close(true);
    back.close(false);
    SimProcess worker = other.number == 0 ? by : other;
    if (by.number == 0 || other.number == 0) { // the driver has it end, and hears of that
      worker.givenUp = true;
      var _ =
          scheduler.spawn(
              0,
              "exit of " + worker,
              () -> {
                scheduler.sleep(random((int) EXIT_MS) * MS);
                cluster.kill(worker, why);
              });
    }
    if (by.number != 0) {
      back.tellLoss(why);
    }
    if (other.number != 0) {
      there.tellLoss("closed the connection");
    }
  }

  /** A process has ended. */
  void lost(SimProcess gone, String why) {
    tap.lost(gone);
    for (Line line : lines(gone, false)) {
      line.close(false);
    }
    for (SimProcess p : cluster.processes.values()) {
      if (p != gone && p.alive && p.number != 0) { // also who has never heard of it
        Line line = line(gone, p);
        boolean told = line.closed;
        line.close(true);
        if (!told) {
          line.tellLoss("has closed the connection");
        }
      }
    }
    line(gone, cluster.driver()).close(true);
    var _ =
        scheduler.spawn(
            0,
            "exit of " + gone,
            () -> {
              if (random(2) == 0) {
                scheduler.sleep(random(4) * MS);
              }
              cluster.log(() -> "the driver loses " + gone);
              cluster.driver().peers.lost(gone.number, why);
              cluster.replace();
            });
  }
}
