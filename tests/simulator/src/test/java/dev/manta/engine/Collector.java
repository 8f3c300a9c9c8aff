package dev.manta.engine;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The collectors of simulated processes. They run while all threads wait: then what a stack holds is
 * known.
 */
final class Collector {
  private static final int MOST = 8;

  private final Cluster cluster;
  private int left = MOST;

  Collector(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Sometimes collects what one process does not reach any more. */
  void mayCollect() {
    if (left > 0 && cluster.random.nextInt(6) == 0) {
      left--;
      for (SimProcess p : cluster.processes.values()) {
        if (cluster.random.nextInt(3) > 0) {
          var _ = collect(p);
        }
      }
    }
  }

  /** Has the engine told of what is unreachable; false if that is nothing. */
  boolean collect(SimProcess p) {
    if (!p.alive || p.unseenByCollector > 0 || cluster.scheduler.isFrozen(p.number)) {
      return false;
    }
    Set<Object> reachable = Reachability.from(p.roots(cluster.scheduler));
    List<Runnable> actions = new ArrayList<>();
    for (SimulatedHost.Registered r : List.copyOf(p.host.registered)) {
      if (!reachable.contains(r.token())) {
        clear(p, r.token());
        actions.addAll(p.host.drop(r.token()));
      }
    }
    if (actions.isEmpty()) {
      return false;
    }
    cluster.log(() -> p + " collects " + actions.size());
    var _ = cluster.scheduler.spawn(
        p.number, "reclaim", () -> actions.forEach(Runnable::run));
    return true;
  }

  @SuppressWarnings({"unchecked", "ReferenceEquality"}) // the object itself
  private static void clear(SimProcess p, Object token) {
    switch (token) {
      case RemoteLease lease -> {
        Map<Long, WeakReference<RemoteLease>> known =
            (Map<Long, WeakReference<RemoteLease>>) Reachability.field(p.peers.actors.leases,
                "known");
        WeakReference<RemoteLease> weak = known.get(lease.cell.id);
        if (weak != null && weak.get() == lease) {
          weak.clear();
        }
      }
      case Lease lease -> {
        var weak =
            (WeakReference<Lease>) Reachability.field(lease.cell.holding(), "lease");
        if (weak.get() == lease) {
          weak.clear();
        }
      }
      default -> {
      }
    }
  }
}
