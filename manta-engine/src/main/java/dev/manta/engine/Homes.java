package dev.manta.engine;

import dev.manta.Reason;
import dev.manta.Where;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds processes for the actors that have none. Guarded by the directory. */
final class Homes {
  private final Peers peers;
  private final Directory directory;
  private final Loads workers;

  /** Actors that wait for a worker that starts. */
  private final ArrayDeque<DirectoryEntry> homeless = new ArrayDeque<>();

  /** A timer runs that ends their wait, if there is another worker. */
  private boolean waitEnds;

  Homes(Peers peers, Directory directory) {
    this.peers = peers;
    this.directory = directory;
    this.workers = new Loads(peers);
  }

  /**
   * Finds a host for an actor.
   *
   * @param patient a worker that is about to start may be worth waiting for
   */
  void find(DirectoryEntry entry, boolean patient) {
    if (entry.options.where() == Where.ISOLATED && peers.workforce.hires()) {
      hire(entry);
      return;
    }
    Load best = workers.choose(entry, patient, homeless.size());
    if (best != null) {
      entry.alone = false;
      best.add(entry);
      settle(entry, best.worker);
      return;
    }
    homeless.add(entry);
    if (!waitEnds) {
      waitEnds = true;
      peers.engine.host.schedule(Workforce.PATIENCE_NS, this::settleHomeless);
    }
  }

  /** Actors have waited long enough for workers that start. */
  private void settleHomeless() {
    synchronized (directory) {
      waitEnds = false;
      if (!workers.isEmpty()) {
        settleAll(false);
      } else if (!homeless.isEmpty() && !peers.engine.isClosed()) {
        waitEnds = true;
        peers.engine.host.schedule(Workforce.PATIENCE_NS, this::settleHomeless);
      }
    }
  }

  private void settleAll(boolean patient) {
    List<DirectoryEntry> all = List.copyOf(homeless);
    homeless.clear();
    for (DirectoryEntry entry : all) {
      find(entry, patient);
    }
  }

  /** Has an actor hosted by a process of its own. */
  private void hire(DirectoryEntry entry) {
    peers.workforce.hire(
        Site.of(entry.options),
        new Workforce.Hire() {
          @Override
          public void begins(Peer worker) {
            hired(entry, worker);
          }

          @Override
          public void fails(String why, @Nullable Throwable cause) {
            var _ = directory.ended(
                entry.id, new Death(Reason.WORKER_DIED, "has no process: " + why, cause, false));
          }
        });
  }

  private void hired(DirectoryEntry entry, Peer worker) {
    synchronized (directory) {
      if (!directory.has(entry)) {
        peers.workforce.dismiss(worker);
        return;
      }
      entry.alone = true;
      settle(entry, worker);
    }
  }

  private void settle(DirectoryEntry entry, Peer host) {
    entry.host = host;
    entry.hosted = false;
    entry.built = false;
    entry.question = 0;
    entry.lastEpoch = entry.epoch + entry.restartsLeft;
    entry.bornNs = peers.engine.host.nanoTime();
    WireWriter out = new WireWriter(Frames.HOST);
    out.writeUnsigned(entry.id).writeUnsigned(entry.epoch);
    out.writeUnsigned(entry.restartsLeft).writeText(entry.className);
    try {
      host.send(
          out,
          () -> peers.actors.writeBirth(
              host, out, entry.options, entry.contexts, entry.constructor));
    } catch (RuntimeException | StackOverflowError e) {
      Death why = new Death(
          Reason.CODE_MISSING, "could not be constructed: " + Failures.describe(e), e, true);
      peers.engine.host.schedule(
          0,
          () -> {
            var _ = directory.ended(entry.id, why);
          });
      return;
    }
    RemoteCell own = peers.actors.known(entry.id);
    if (own != null) {
      own.at(host, entry.epoch); // what the driver sends there comes after
    }
  }

  /** Finds one after a time. */
  void findAfter(long delayNs, DirectoryEntry entry) {
    if (delayNs == 0) {
      find(entry, false);
      return;
    }
    peers.engine.host.schedule(
        delayNs,
        () -> {
          synchronized (directory) {
            if (directory.has(entry) && entry.host == null) {
              find(entry, false);
            }
          }
        });
  }

  // ---- workers

  void joined(Peer worker, int cpus) {
    if (workers.joined(worker, cpus)) {
      settleAll(true);
    }
  }

  boolean leaves(Peer worker, long idleNs) {
    return workers.leaves(worker, idleNs);
  }

  /** A worker did not start: actors that can't be hosted by another one. */
  List<DirectoryEntry> takeHomeless() {
    if (!workers.isEmpty()) {
      settleAll(false);
      return List.of();
    }
    List<DirectoryEntry> all = List.copyOf(homeless);
    homeless.clear();
    return all;
  }

  void lost(Peer worker) {
    workers.remove(worker);
  }

  /** An actor has ended, or was let go of. */
  void leave(DirectoryEntry entry) {
    homeless.remove(entry);
    Peer host = entry.host;
    Load load = host == null ? null : workers.of(host);
    if (load != null) {
      load.remove(entry, peers.engine.host.nanoTime());
    } else if (host != null && entry.alone) {
      peers.workforce.dismiss(host);
    }
  }
}
