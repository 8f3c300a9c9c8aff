package dev.manta.engine;

import dev.manta.Where;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The workers that host actors for all, and which of them is to host the next one. Guarded by the directory. */
final class Loads {
  private final Peers peers;
  private final Map<Peer, Load> workers = new HashMap<>();

  Loads(Peers peers) {
    this.peers = peers;
  }

  boolean isEmpty() {
    return workers.isEmpty();
  }

  @Nullable Load of(Peer worker) {
    return workers.get(worker);
  }

  /** A worker hosts actors from now on; false if it is lost. */
  boolean joined(Peer worker, int cpus) {
    workers.putIfAbsent(worker, new Load(worker, cpus, peers.engine.host.nanoTime()));
    if (worker.isLost()) { // which is about to be seen to
      workers.remove(worker);
      return false;
    }
    return true;
  }

  void remove(Peer worker) {
    workers.remove(worker);
  }

  /** Takes a worker out that has hosted nothing for a time; false if it has. */
  boolean leaves(Peer worker, long idleNs) {
    Load load = workers.get(worker);
    if (load == null || !load.isIdle(idleNs, peers.engine.host.nanoTime())) {
      return false;
    }
    workers.remove(worker);
    return true;
  }

  /**
   * The worker that is to host an actor; null if it waits for one that starts.
   *
   * @param patient a worker that is about to start may be worth waiting for
   * @param homeless how many wait for one
   */
  @Nullable Load choose(DirectoryEntry entry, boolean patient, int homeless) {
    boolean packed = entry.options.where() == Where.PACKED;
    int all = homeless + 1;
    Load fewest = null;
    Load fullest = null;
    for (Load load : workers.values()) {
      all += load.actors();
      if (fewest == null || isBefore(load, fewest, entry)) {
        fewest = load;
      }
      if (packed
          && load.hasRoomFor(entry)
          && (fullest == null || isBefore(fullest, load, entry))) {
        fullest = load;
      }
    }
    if (fullest != null) {
      return fullest;
    }
    boolean spread = Load.isSpread(entry);
    peers.workforce.want(
        spread ? Integer.MAX_VALUE : packed ? workers.size() + 1 : all);
    if (fewest == null || !patient) {
      return fewest;
    }
    if (packed) {
      return peers.workforce.starting() > 0 ? null : fewest;
    }
    // those that wait are as good as placed on the workers that start
    int startingHosts = peers.workforce.starting() * fewest.actors(entry);
    return homeless < startingHosts ? null : fewest;
  }

  /** Whether a worker hosts fewer actors than another one, for actors of a kind. */
  private static boolean isBefore(Load one, Load other, DirectoryEntry kind) {
    int less = Integer.compare(one.actors(kind), other.actors(kind));
    less = less == 0 ? Integer.compare(one.actors(), other.actors()) : less;
    return less == 0 ? one.worker.number < other.worker.number : less < 0;
  }
}
