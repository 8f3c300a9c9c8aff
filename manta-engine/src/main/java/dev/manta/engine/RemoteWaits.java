package dev.manta.engine;

import dev.manta.EndlessWaitException;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Knows waits that can never end and lead through other processes, as {@link EndlessWaits} knows those of
 * this one. Every circle of waits goes through a call that stands behind started ones. Where that is one
 * alone, and it has waited for a while for another process, a probe follows what it waits for from
 * process to process. The wait is endless if two probes, one after the other, come back to it.
 */
final class RemoteWaits implements Runnable {
  private static final long LOOK_NS = 500_000_000;

  /** A longer chain is given up: the wait is allowed. */
  private static final int MAX_HOPS = 100;

  private static final int MAX_WORDS = 2_000;
  private static final int PROBES = 2;

  private final Peers peers;
  private final Map<Incarnation, Suspect> suspects = new ConcurrentHashMap<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** Only the timer. */
  private long next;

  RemoteWaits(Peers peers) {
    this.peers = peers;
  }

  /** A call that has its actor, or group, for itself, and what it waits for. */
  private static final class Suspect {
    final Call<?> call;
    final Ref<?> awaited;

    /** By which its probes come back; 0 before the first. */
    volatile long number;

    /** How many of its probes have come back. */
    private int back;

    Suspect(Call<?> call, Ref<?> awaited) {
      this.call = call;
      this.awaited = awaited;
    }

    @SuppressWarnings("ReferenceEquality") // the very ref
    boolean waits() {
      return call.waitsFor() == awaited && !awaited.isDone();
    }
  }

  /** What a probe has, beside where it is. */
  record Probe(int origin, long number, int hops, String words) {
    Probe over(Work<?> work) {
      String more = words + ", which waits for " + work;
      return new Probe(
          origin, number, hops + 1, more.substring(0, Math.min(more.length(), MAX_WORDS)));
    }

    boolean isWeakerThan(int process, long other) {
      return process > origin || (process == origin && other > number);
    }
  }

  /** A call begins to wait for work of another process. By any thread. */
  static void begins(Call<?> call, RemoteWork<?> awaited) {
    Peers peers = call.engine.peers();
    ActorHandle<?> target = call.target();
    if (peers != null && target != null) {
      Incarnation life = target.cell.current();
      if (life.groups[call.group].max == 1) {
        peers.waits.suspects.put(life, new Suspect(call, awaited));
        peers.waits.schedule();
      }
    }
  }

  private void schedule() {
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      peers.engine.host.schedule(LOOK_NS, this);
    }
  }

  /** Sends a probe for each that waits still. */
  @Override
  public void run() {
    try {
      suspects.forEach(
          (life, s) -> {
            if (!s.waits()) {
              suspects.remove(life, s);
            } else if (s.number == 0) {
              s.number = ++next; // from the next look on
            } else {
              Probe probe = new Probe(peers.self(), s.number, 0, s.call.toString());
              if (s.awaited instanceof Work<?> work) {
                follow(work, probe.over(work));
              }
            }
          });
    } catch (Throwable e) {
      peers.engine.host.report("the look for endless waits failed", e);
    } finally {
      scheduled.set(false);
      if (!suspects.isEmpty()) {
        schedule();
      }
    }
  }

  /** A probe has come, for work of a peer that this process has. */
  void received(Peer from, WireReader in) {
    Work<?> work = from.inbound.get(in.readUnsigned());
    Probe probe =
        new Probe(
            in.readInt(Transport.MAX_PEER), in.readUnsigned(), in.readInt(MAX_HOPS), in.readText());
    in.end();
    if (work != null && probe.words.length() <= MAX_WORDS) {
      follow(work, probe);
    }
  }

  /** Follows what is waited for, to another process or until something may end. */
  private void follow(Work<?> first, Probe probe) {
    Work<?> at = first;
    Probe p = probe;
    while (!at.isDone() && p.hops < MAX_HOPS) {
      Suspect s = at instanceof Call<?> call ? suspect(call) : null;
      if (s != null && s.number != 0) {
        if (p.origin == peers.self() && p.number == s.number) {
          cameBack(s, p);
          return;
        }
        if (p.isWeakerThan(peers.self(), s.number)) {
          return; // of a circle one breaks: that will find it itself
        }
      }
      Ref<?> next = at.waitsFor();
      if (next == null && at instanceof RemoteWork<?> remote) {
        send(remote, p);
        return;
      }
      if (next == null && at instanceof Call<?> call) {
        next = ahead(call);
      }
      if (!(next instanceof Work<?> work)) {
        return;
      }
      at = work;
      p = p.over(work);
    }
  }

  private @Nullable Suspect suspect(Call<?> call) {
    ActorHandle<?> target = call.target();
    Suspect s = target == null ? null : suspects.get(target.cell.current());
    return s != null && s.call == call && s.waits() ? s : null;
  }

  private static void send(RemoteWork<?> work, Probe p) {
    Peer at = work.peer();
    if (at != null && work.phase() == Work.STARTED) {
      WireWriter out = new WireWriter(Frames.PROBE);
      out.writeUnsigned(work.id());
      write(out, p);
      at.send(out);
    }
  }

  static void write(WireWriter out, Probe p) {
    out.writeUnsigned(p.origin).writeUnsigned(p.number).writeUnsigned(p.hops).writeText(p.words);
  }

  /** The one call that a queued one stands behind; null if it may start, or there are several. */
  private static @Nullable Call<?> ahead(Call<?> call) {
    ActorHandle<?> target = call.target();
    if (target == null || call.phase() != Work.QUEUED) {
      return null;
    }
    Incarnation life = target.cell.current();
    if (life.groups[call.group].max != 1) {
      return null;
    }
    synchronized (life) {
      for (Call<?> c = life.started.first(); c != null; c = c.after) {
        if (c.group == call.group) {
          return c;
        }
      }
    }
    return null;
  }

  private void cameBack(Suspect s, Probe p) {
    int times;
    synchronized (s) {
      times = ++s.back;
    }
    if (times == PROBES && s.waits()) {
      s.call.extras().endless =
          new Endless(s.awaited, "this wait would never end: " + p.words);
      Runner runner = s.call.runner();
      if (runner != null) {
        var _ = runner.wake();
      }
    }
  }

  /** A wait that has turned out to be endless. */
  record Endless(Ref<?> awaited, String words) {}

  /** Ends a wait that was woken because it is endless. On its thread. */
  @SuppressWarnings("ReferenceEquality") // the very ref
  static void throwIfEndless(Work<?> work, Ref<?> awaited) {
    Extras e = work.extrasOrNull();
    Endless endless = e == null ? null : e.endless;
    if (e != null && endless != null) {
      e.endless = null;
      if (endless.awaited == awaited) {
        throw new EndlessWaitException(endless.words);
      }
    }
  }
}
