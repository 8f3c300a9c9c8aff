package dev.manta.engine;

import dev.manta.Reason;
import dev.manta.Where;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The actors of all workers, in the driver: their names, where each lives, who holds handles to it, and
 * how it is built again. Its monitor is taken after none but that of an entry's own cell.
 */
final class Directory {
  private static final int MAX_DEAD = 10_000;

  /** An actor whose process ends so often before it is built is not built again. */
  private static final int MAX_DEATHS_AT_START = 3;

  /** An actor that has lived as long is built again at once. */
  private static final long LONG_LIFE_NS = 1_000_000_000;

  private static final int MAX_SHORT_LIVES = 16;

  private final Peers peers;
  private final RemoteActors actors;

  /** How the last actors have ended, for processes that hear of them late. */
  private final Map<Long, Death> dead =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Death> eldest) {
          return size() > MAX_DEAD;
        }
      };

  private final Map<Long, DirectoryEntry> entries = new HashMap<>();
  private final Map<String, DirectoryEntry> byName = new HashMap<>();

  private final Loads workers;
  private final Unborn unborn;

  /** Actors that wait for a worker that starts. */
  private final ArrayDeque<DirectoryEntry> homeless = new ArrayDeque<>();

  /** The last question to a host whether it holds an actor. */
  private long questions;

  /** A timer runs that ends their wait, if there is another worker. */
  private boolean waitEnds;

  Directory(Peers peers, RemoteActors actors) {
    this.peers = peers;
    this.actors = actors;
    this.workers = new Loads(peers);
    this.unborn = new Unborn(peers);
  }

  // ---- births

  /** Takes an actor in; the live one of its name where that is taken. */
  synchronized @Nullable DirectoryEntry add(DirectoryEntry entry) {
    unborn.born(entry.id).forEach((process, handles) -> hold(entry, process, handles));
    String name = entry.options.name();
    if (name != null) {
      DirectoryEntry taken = byName.putIfAbsent(name, entry);
      if (taken != null) {
        return taken;
      }
    }
    entries.put(entry.id, entry);
    return null;
  }

  /**
   * Has room for one more.
   *
   * @throws IllegalStateException if there are too many; says what to do
   */
  synchronized void ensureRoom() {
    if (entries.size() >= Hosting.MAX_HOSTED) {
      throw new IllegalStateException(
          "there are " + Hosting.MAX_HOSTED + " actors already: let go of the handles of some");
    }
  }

  /** Whether there is, or has been of late, an actor of a number. */
  synchronized boolean isKnown(long id) {
    return entries.containsKey(id) || dead.containsKey(id);
  }

  /** The live actor of a name, of which this process has one more handle from then on; null if there is none. */
  synchronized @Nullable DirectoryEntry holdNamed(String name) {
    DirectoryEntry entry = byName.get(name);
    if (entry != null) {
      hold(entry, peers.self(), 1);
      releaseIfUnheld(entry); // what its host was asked counts no more
    }
    return entry;
  }

  /** Finds a host for an actor that was taken in and has its resources, if it has not ended meanwhile. */
  synchronized void begin(DirectoryEntry entry) {
    if (!entry.over) {
      settle(entry, true);
    }
  }

  /**
   * Finds a host for an actor.
   *
   * @param patient a worker that is about to start may be worth waiting for
   */
  private void settle(DirectoryEntry entry, boolean patient) {
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
  private synchronized void settleHomeless() {
    waitEnds = false;
    if (!workers.isEmpty()) {
      settleAll(false);
    } else if (!homeless.isEmpty() && !peers.engine.isClosed()) {
      waitEnds = true;
      peers.engine.host.schedule(Workforce.PATIENCE_NS, this::settleHomeless);
    }
  }

  private void settleAll(boolean patient) {
    List<DirectoryEntry> all = List.copyOf(homeless);
    homeless.clear();
    for (DirectoryEntry entry : all) {
      settle(entry, patient);
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
            ended(entry.id, new Death(Reason.WORKER_DIED, "has no process: " + why, cause, false));
          }
        });
  }

  private synchronized void hired(DirectoryEntry entry, Peer worker) {
    if (entries.get(entry.id) != entry) {
      peers.workforce.dismiss(worker);
      return;
    }
    entry.alone = true;
    settle(entry, worker);
    if (worker.isLost()) { // it may have been lost before this was noted
      peers.engine.host.schedule(0, () -> lost(worker));
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
    actors.writeBirth(host, out, entry.options, entry.contexts, entry.constructor);
    host.send(out);
    RemoteCell own = actors.known(entry.id);
    if (own != null) {
      own.at(host, entry.epoch); // what the driver sends there comes after
    }
  }

  /** The host has it: others may call it there. */
  synchronized void hosted(Peer host, long id) {
    DirectoryEntry entry = entries.get(id);
    if (entry != null && entry.host == host) {
      entry.hosted = true;
      for (Integer holder : entry.holders.keySet()) {
        tellWhere(entry, holder);
      }
    }
  }

  /** A life of it has begun: its constructor has returned. */
  synchronized void built(Peer host, long id, long epoch, int restartsLeft) {
    DirectoryEntry entry = entries.get(id);
    if (entry != null && entry.host == host) {
      entry.built = true;
      entry.epoch = Math.max(entry.epoch, epoch);
      entry.restartsLeft = Math.min(entry.restartsLeft, restartsLeft);
    }
  }

  private void tellWhere(DirectoryEntry entry, int holder) {
    Peer host = entry.host;
    if (holder != peers.self() && host != null && entry.hosted) {
      WireWriter out = new WireWriter(Frames.ACTOR_AT);
      out.writeUnsigned(entry.id).writeUnsigned(entry.epoch).writeUnsigned(host.number);
      peers.peer(holder).send(out);
    }
  }

  synchronized void joined(Peer worker, int cpus) {
    if (workers.joined(worker, cpus)) {
      settleAll(true);
    }
  }

  synchronized boolean leaves(Peer worker, long idleNs) {
    return workers.leaves(worker, idleNs);
  }

  /** A worker did not start: actors that can't be hosted by another one. */
  synchronized List<DirectoryEntry> takeHomeless() {
    if (!workers.isEmpty()) {
      settleAll(false);
      return List.of();
    }
    List<DirectoryEntry> all = List.copyOf(homeless);
    homeless.clear();
    return all;
  }

  // ---- holders

  /** A process has got so many handles; fewer than none when it has let go of them. */
  void holds(long id, int process, int handles) {
    if (!tryHold(id, process, handles) && handles >= 0) {
      actors.tellEnded(id, death(id), List.of(process));
    }
  }

  private synchronized boolean tryHold(long id, int process, int handles) {
    DirectoryEntry entry = entries.get(id);
    if (entry == null) {
      return !dead.containsKey(id) && unborn.holds(id, process, handles);
    }
    hold(entry, process, handles);
    if (handles >= 0) {
      tellWhere(entry, process);
    }
    releaseIfUnheld(entry);
    return true;
  }

  private void hold(DirectoryEntry entry, int process, int handles) {
    if (handles <= 0 || !isGone(process)) {
      entry.holders.merge(process, handles, Integer::sum);
    }
  }

  /** A process that will not let go of its handles any more, as {@link #lost} has seen or will see. */
  private boolean isGone(int process) {
    return process != peers.self() && peers.peer(process).isLost();
  }

  /** How an actor has ended that is not alive. */
  synchronized Death death(long id) {
    Death d = dead.get(id);
    return d == null ? new Death(Reason.ACTOR_DIED, "has ended", null, true) : d;
  }

  /** Ends an actor that nobody holds, once its host has said that its code does not either. */
  private void releaseIfUnheld(DirectoryEntry entry) {
    if (entry.isHeld()) {
      entry.question = 0;
      return;
    }
    Peer host = entry.host;
    if (host == null || host.isLost()) {
      remove(entry);
    } else if (entry.question == 0) {
      entry.question = ++questions;
      tellOf(entry, host, Frames.UNHELD, entry.question);
    }
  }

  private static void tellOf(DirectoryEntry entry, Peer host, int type, long number) {
    WireWriter out = new WireWriter(type);
    out.writeUnsigned(entry.id).writeUnsigned(number);
    host.send(out);
  }

  /** The host has no code that holds it. */
  synchronized void unheld(Peer host, long id, long question) {
    DirectoryEntry entry = entries.get(id);
    if (entry != null && entry.host == host && entry.question == question && !entry.isHeld()) {
      tellOf(entry, host, Frames.RELEASE, 0);
      remove(entry);
    }
  }

  private void remove(DirectoryEntry entry) {
    entry.over = true;
    entries.remove(entry.id);
    homeless.remove(entry);
    String name = entry.options.name();
    if (name != null) {
      byName.remove(name, entry);
    }
    Peer host = entry.host;
    Load load = host == null ? null : workers.of(host);
    if (load != null) {
      load.remove(entry, peers.engine.host.nanoTime());
    } else if (host != null && entry.alone) {
      peers.workforce.dismiss(host);
    }
    Placement.Grant g = entry.grant;
    if (g != null) {
      entry.grant = null;
      g.release();
    }
  }

  // ---- deaths

  /** An actor is dead; its holders are told. Returns its host, if it had one. */
  @Nullable Peer ended(long id, Death why) {
    List<Integer> holders;
    Peer host;
    synchronized (this) {
      DirectoryEntry entry = entries.get(id);
      if (entry == null) {
        return null;
      }
      host = entry.host;
      remove(entry);
      dead.put(id, why);
      holders = List.copyOf(entry.holders.keySet());
    }
    actors.tellEnded(id, why, holders);
    return host;
  }

  /** A worker is gone: its actors live again elsewhere, or are dead. */
  void lost(Peer worker) {
    List<DirectoryEntry> dead = new ArrayList<>();
    Map<Long, List<Integer>> stillborn;
    synchronized (this) {
      workers.remove(worker);
      stillborn = unborn.lost(worker.number);
      for (DirectoryEntry entry : List.copyOf(entries.values())) {
        entry.holders.remove(worker.number);
        releaseIfUnheld(entry);
        if (entry.host != worker || entry.over) {
          continue;
        }
        entry.deathsAtStart = entry.built ? 0 : entry.deathsAtStart + 1;
        noteLife(entry, worker);
        entry.host = null;
        if (entry.restartsLeft > 0
            && entry.deathsAtStart < MAX_DEATHS_AT_START
            && !peers.engine.isClosed()) {
          entry.restartsLeft--;
          entry.epoch = entry.lastEpoch + 1;
          settleAfter(entry.delayNs(), entry);
        } else {
          dead.add(entry);
        }
      }
    }
    stillborn.forEach(
        (id, holders) -> actors.tellEnded(id, Unborn.stillborn(worker), holders));
    for (DirectoryEntry entry : dead) {
      var _ = ended(
          entry.id,
          new Death(
              Reason.WORKER_DIED,
              "died with its process"
                  + (entry.deathsAtStart < MAX_DEATHS_AT_START
                      ? ""
                      : ", which ended " + entry.deathsAtStart + " times before it was built ("
                          + entry.deathsInWords() + ")")
                  + ": " + worker + " " + worker.why(),
              null,
              false));
    }
  }

  /** Under the monitor: a life of it has ended with its process. */
  private void noteLife(DirectoryEntry entry, Peer worker) {
    if (peers.engine.host.nanoTime() - entry.bornNs >= LONG_LIFE_NS && entry.built) {
      entry.shortLives.clear();
      return;
    }
    if (entry.shortLives.size() == MAX_SHORT_LIVES) {
      entry.shortLives.removeFirst();
    }
    entry.shortLives.addLast(worker.epitaph());
  }

  /** Under the monitor. */
  private void settleAfter(long delayNs, DirectoryEntry entry) {
    if (delayNs == 0) {
      settle(entry, false);
      return;
    }
    peers.engine.host.schedule(
        delayNs,
        () -> {
          synchronized (this) {
            if (entries.get(entry.id) == entry && entry.host == null) {
              settle(entry, false);
            }
          }
        });
  }

  /** Where the actor lives that is to begin anew. One that lives nowhere yet has a life less. */
  @Nullable Peer beginsAnew(long id, Death ifLast) {
    synchronized (this) {
      DirectoryEntry entry = entries.get(id);
      if (entry == null || entry.host != null) {
        return entry == null ? null : entry.host;
      }
      if (entry.restartsLeft > 0) {
        entry.restartsLeft--;
        entry.epoch++;
        return null;
      }
    }
    var _ = ended(id, ifLast);
    return null;
  }

  synchronized boolean isAlive(long id) {
    return entries.containsKey(id);
  }

  synchronized void holdsResources(DirectoryEntry entry, Placement.Grant grant) {
    if (entry.over) {
      grant.release();
    } else {
      entry.grant = grant;
    }
  }

  synchronized @Nullable Peer host(long id) {
    DirectoryEntry entry = entries.get(id);
    return entry == null ? null : entry.host;
  }
}
