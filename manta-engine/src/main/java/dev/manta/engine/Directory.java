package dev.manta.engine;

import dev.manta.Reason;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The actors of all workers, in the driver: their names, where each lives, who holds handles to it, and
 * how it is built again. Its monitor is taken by who sends handles, under whatever that has: see
 * docs/threads.md.
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

  private final Homes homes;
  private final Unborn unborn;
  private final Departures departures = new Departures();

  /** The last question to a host whether it holds an actor. */
  private long questions;

  Directory(Peers peers, RemoteActors actors) {
    this.peers = peers;
    this.actors = actors;
    this.homes = new Homes(peers, this);
    this.unborn = new Unborn(peers);
  }

  // ---- births

  /** Takes an actor in; the live one of its name where that is taken. */
  synchronized @Nullable DirectoryEntry add(DirectoryEntry entry) {
    Holders early = unborn.born(entry.id);
    if (early != null) {
      entry.holders.addAll(early);
    }
    int creator = ActorIds.creator(entry.id);
    if (!isGone(creator)) {
      entry.holders.add(creator, creator, 1);
    }
    entry.departed.addAll(departures.open()); // one of them may have had a handle too
    String name = entry.options.name();
    if (name != null) {
      DirectoryEntry taken = byName.putIfAbsent(name, entry);
      if (taken != null) {
        return taken;
      }
    }
    entries.put(entry.id, entry);
    review(entry);
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
      entry.holders.add(peers.self(), peers.self(), 1);
      review(entry); // what its host was asked counts no more
    }
    return entry;
  }

  /** Finds a host for an actor that was taken in and has its resources, if it has not ended meanwhile. */
  synchronized void begin(DirectoryEntry entry) {
    if (!entry.over) {
      homes.find(entry, true);
    }
  }

  /** The host has it: others may call it there. */
  synchronized void hosted(Peer host, long id) {
    DirectoryEntry entry = entries.get(id);
    if (entry != null && entry.host == host) {
      entry.hosted = true;
      for (int holder : entry.holders.processes()) {
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
    if (holder != peers.self() && host != null && entry.hosted && !host.isLost()) {
      WireWriter out = new WireWriter(Frames.ACTOR_AT);
      out.writeUnsigned(entry.id).writeUnsigned(entry.epoch).writeUnsigned(host.number);
      peers.peer(holder).send(out);
    }
  }

  synchronized void joined(Peer worker, int cpus) {
    homes.joined(worker, cpus);
  }

  synchronized boolean leaves(Peer worker, long idleNs) {
    return homes.leaves(worker, idleNs);
  }

  /** A worker did not start: actors that can't be hosted by another one. */
  synchronized List<DirectoryEntry> takeHomeless() {
    return homes.takeHomeless();
  }

  /** Whether an actor is one of those that are not dead. */
  synchronized boolean has(DirectoryEntry entry) {
    return entries.get(entry.id) == entry;
  }

  // ---- holders

  /** A process gets so many handles from another; fewer than none if they were not sent after all. */
  void holds(long id, int process, int from, int handles) {
    if (!tryHold(id, process, from, handles)) {
      actors.tellEnded(id, death(id), process);
    }
  }

  private synchronized boolean tryHold(long id, int process, int from, int handles) {
    if (isGone(from) || isGone(process)) {
      return true; // who has got them from there says so
    }
    DirectoryEntry entry = entries.get(id);
    if (entry == null) {
      return !dead.containsKey(id) && unborn.holds(id, process, from, handles, from);
    }
    entry.holders.add(process, from, handles);
    tellWhere(entry, process);
    review(entry);
    return true;
  }

  /** A process lets go of so many handles from each other one; of none, to hear where the actor lives. */
  void letGo(long id, int process, Map<Integer, Integer> handles) {
    if (!tryLetGo(id, process, handles) && handles.isEmpty()) {
      actors.tellEnded(id, death(id), process);
    }
  }

  private synchronized boolean tryLetGo(long id, int process, Map<Integer, Integer> handles) {
    DirectoryEntry entry = entries.get(id);
    if (entry == null) {
      handles.forEach((from, count) -> unborn.holds(id, process, from, -count, process));
      return !dead.containsKey(id) && unborn.holds(id, process, process, 0, process);
    }
    handles.forEach((from, count) -> entry.holders.add(process, from, -count));
    if (handles.isEmpty()) {
      tellWhere(entry, process);
    }
    review(entry);
    return true;
  }

  /**
   * A process has said how many handles it has from one that is gone.
   *
   * @return the actors among those that are dead, as it has not heard
   */
  synchronized List<Long> said(int process, int gone, Map<Long, Integer> handles) {
    List<Long> ended = new ArrayList<>();
    if (isGone(process) || !departures.isOpen(gone)) {
      return ended;
    }
    Map<Long, Integer> left = new HashMap<>(handles);
    for (DirectoryEntry entry : List.copyOf(entries.values())) {
      Integer count = left.remove(entry.id);
      if (entry.holders.set(process, gone, count == null ? 0 : count)) {
        tellWhere(entry, process);
        review(entry);
      }
    }
    unborn.said(process, gone, left);
    left.forEach((id, count) -> {
      if (dead.containsKey(id) || !unborn.holds(id, process, gone, count, process)) {
        ended.add(id);
      }
    });
    if (departures.said(process, gone)) {
      forget(gone);
    }
    return ended;
  }

  /** It is known who has got handles from a process that is gone: it holds nothing any more. */
  private void forget(int gone) {
    for (DirectoryEntry entry : List.copyOf(entries.values())) {
      if (entry.departed.remove(gone)) {
        review(entry);
      }
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

  /**
   * Who holds an actor has changed: it goes on if somebody does, and else ends, once its host has said
   * that its code does not either.
   */
  private void review(DirectoryEntry entry) {
    if (entry.isHeld()) {
      entry.question = 0;
      if (entry.orphaned) {
        entry.orphaned = false;
        homes.findAfter(entry.delayNs(), entry);
      }
      return;
    }
    Peer host = entry.host;
    if (!entry.departed.isEmpty() || (host != null && host.isLost())) {
      return; // somebody may hold it after all; or its host's loss is about to be seen to
    }
    if (host == null) {
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
    if (entry != null && entry.host == host && entry.question == question
        && !entry.isHeld() && entry.departed.isEmpty()) {
      tellOf(entry, host, Frames.RELEASE, 0);
      remove(entry);
    }
  }

  private void remove(DirectoryEntry entry) {
    entry.over = true;
    entries.remove(entry.id);
    String name = entry.options.name();
    if (name != null) {
      byName.remove(name, entry);
    }
    homes.leave(entry);
    Placement.Grant g = entry.grant;
    if (g != null) {
      entry.grant = null;
      release(g);
    }
  }

  /** Under the monitor: who gets it next may send work, and other monitors come first for that. */
  private void release(Placement.Grant grant) {
    var _ = peers.engine.host.startVirtual("manta-release", grant::release);
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
      dead.put(id, why); // before others get what it had
      remove(entry);
      holders = entry.holders.processes();
    }
    actors.tellEnded(id, why, holders);
    return host;
  }

  /** A worker is gone, and others are asked which handles they have from it. Before {@link #lost}. */
  synchronized void departs(Peer worker, List<Peer> asked) {
    List<Integer> numbers = new ArrayList<>(List.of(peers.self()));
    for (Peer peer : asked) {
      if (!peer.isLost()) {
        numbers.add(peer.number);
      }
    }
    departures.add(worker.number, numbers);
  }

  /** A worker is gone: its actors live again elsewhere, or are dead. */
  void lost(Peer worker) {
    List<DirectoryEntry> dead = new ArrayList<>();
    Map<Long, List<Integer>> stillborn;
    synchronized (this) {
      homes.lost(worker);
      stillborn = unborn.lost(worker.number);
      for (DirectoryEntry entry : List.copyOf(entries.values())) {
        boolean hosts = entry.host == worker;
        boolean mayHold = !entry.departed.isEmpty(); // it may have got it from one of those
        if ((entry.holders.remove(worker.number) || hosts || mayHold)
            && departures.isOpen(worker.number)) {
          entry.departed.add(worker.number);
        }
        if (!hosts) {
          review(entry);
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
          entry.orphaned = true; // until somebody is found to hold it
          review(entry);
        } else {
          dead.add(entry);
        }
      }
      departures.lost(worker.number).forEach(this::forget);
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
    RemoteActors.kill(ended(id, ifLast), id, false); // it may have got a process since
    return null;
  }

  synchronized void holdsResources(DirectoryEntry entry, Placement.Grant grant) {
    if (entry.over) {
      release(grant);
    } else {
      entry.grant = grant;
    }
  }

  /** Whether an actor has ended; not one whose creator may be about to tell of it. */
  synchronized boolean hasEnded(long id) {
    return !entries.containsKey(id) && (dead.containsKey(id) || !unborn.mayCome(id));
  }

  /**
   * Tells a handle of this process where its actor lives, or that it has ended. After it is noted that
   * there is one: who ends the actor tells those that are noted.
   */
  void tell(RemoteCell cell) {
    Peer host = null;
    Death end = null;
    synchronized (this) {
      DirectoryEntry entry = entries.get(cell.id);
      if (entry != null) {
        host = entry.host;
      } else if (hasEnded(cell.id)) {
        end = death(cell.id);
      }
    }
    if (host != null) {
      cell.at(host, cell.epoch());
    } else if (end != null) {
      cell.ended(end);
    }
  }
}
