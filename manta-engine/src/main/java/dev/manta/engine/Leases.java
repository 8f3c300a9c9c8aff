package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireLimits;
import dev.manta.engine.wire.WireWriter;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The actors of other processes of which this one has handles, and from which processes those have come.
 * The driver counts the same ({@link Holders}), and hears from here what was let go of and, when a
 * process is gone, what is from that. Under the monitor, so that it hears that in the order in which it
 * is so; the monitor is taken before those of the directory and of what is sent.
 */
final class Leases {
  private final Peers peers;
  private final ConcurrentHashMap<Long, Known> known = new ConcurrentHashMap<>();

  /** An actor while anybody here holds it. */
  private static final class Known extends WeakReference<RemoteLease> {
    final RemoteCell cell;

    /** How many of its handles have come from each process. Guarded by the leases. */
    final Map<Integer, Integer> handles = new HashMap<>(2);

    Known(RemoteLease lease) {
      super(lease);
      this.cell = lease.cell;
    }
  }

  Leases(Peers peers) {
    this.peers = peers;
  }

  @Nullable RemoteCell cell(long id) {
    Known k = known.get(id);
    return k == null ? null : k.cell;
  }

  List<RemoteCell> cells() {
    List<RemoteCell> all = new ArrayList<>();
    known.values().forEach(k -> all.add(k.cell));
    return all;
  }

  /** What keeps an actor held here: a handle to it has come from a process, or is of this one. */
  RemoteLease hold(long id, ActorOptions options, String className, int from) {
    RemoteLease lease;
    boolean isLate;
    synchronized (this) {
      Known k = known.get(id);
      RemoteLease held = k == null ? null : k.get();
      if (held == null) {
        held = new RemoteLease(new RemoteCell(peers.engine, id, options, className));
        Known mine = new Known(held);
        if (k != null) { // nobody can reach that, and its handles are let go of with the next ones
          mine.handles.putAll(k.handles);
          k.handles.clear();
        }
        known.put(id, mine);
        peers.engine.host.whenUnreachable(held, () -> dropped(id, mine));
        k = mine;
      }
      lease = held;
      // the driver has been told what is from a lost process, or will be: this is as if from here
      isLate = from != peers.self() && peers.peer(from).isLost();
      java.util.Objects.requireNonNull(k).handles
          .merge(isLate ? peers.self() : from, 1, Integer::sum);
    }
    if (isLate) {
      peers.actors.holds(id, peers.self(), 1);
    }
    return lease;
  }

  private void dropped(long id, Known gone) {
    synchronized (this) {
      known.remove(id, gone);
      if (!gone.handles.isEmpty()) {
        peers.actors.letGo(id, gone.handles);
      }
    }
  }

  /** Of an actor's host: a handle has come to what its own code gets from here, and the driver need not count. */
  synchronized void letGoAtOnce(long id, int from) {
    if (!peers.peer(from).isLost()) {
      peers.actors.letGo(id, Map.of(from, 1));
    }
  }

  /** Tells the driver which handles that are not let go of have come from a process that is lost. */
  void tellFrom(int gone) {
    Directory directory = peers.actors.directory;
    List<Long> dead = List.of();
    synchronized (this) {
      Map<Long, Integer> from = new HashMap<>();
      known.forEach((id, k) -> {
        Integer count = k.handles.get(gone);
        if (count != null) {
          from.put(id, count);
        }
      });
      if (directory != null) {
        dead = directory.said(peers.self(), gone, from);
      } else {
        WireWriter out = new WireWriter(Frames.HELD);
        out.writeUnsigned(gone).writeCount(from.size(), WireLimits.MAX_ELEMENTS);
        from.forEach((id, count) -> out.writeUnsigned(id).writeUnsigned(count));
        peers.driver().send(out);
      }
    }
    for (long id : dead) {
      peers.actors.tellEnded(
          id, java.util.Objects.requireNonNull(directory).death(id), peers.self());
    }
  }
}
