package dev.manta.engine;

import dev.manta.Reason;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who holds actors of whose creation the driver has not heard: the process that created one may be slower
 * to tell than those that got a handle from it. Guarded by the directory.
 */
final class Unborn {
  /** The most actors of which it is heard so early, of one process. */
  static final int MAX_OF_A_PROCESS = 10_000;

  private final Peers peers;

  /** By the process that creates them. */
  private final Map<Integer, Creator> creators = new HashMap<>();

  private static final class Creator {
    /** The highest number of those that were born; and of the lower ones those that were not. */
    long highest;

    final LinkedHashSet<Long> passed = new LinkedHashSet<>();
    final Map<Long, Holders> early = new LinkedHashMap<>();

    boolean isBorn(long number) {
      return number <= highest && !passed.contains(number);
    }

    void born(long number) {
      if (number <= highest) {
        passed.remove(number);
        return;
      }
      for (long n = Math.max(highest + 1, number - MAX_OF_A_PROCESS); n < number; n++) {
        passed.add(n);
      }
      highest = number;
      while (passed.size() > MAX_OF_A_PROCESS) {
        passed.removeFirst(); // it was never to be: its creation has failed there
      }
    }
  }

  Unborn(Peers peers) {
    this.peers = peers;
  }

  /**
   * A process has got so many handles of an actor that is not known from another, or has let go of them.
   *
   * @param toldBy who says so; its creator tells of its creation before all else
   * @return false if it is not about to be born
   */
  boolean holds(long id, int process, int from, int handles, int toldBy) {
    int by = ActorIds.creator(id);
    if (by == toldBy || !mayCome(id)) {
      return false;
    }
    Creator c = creators.computeIfAbsent(by, n -> new Creator());
    if (!c.early.containsKey(id) && c.early.size() >= MAX_OF_A_PROCESS) {
      return false;
    }
    c.early.computeIfAbsent(id, i -> new Holders()).add(process, from, handles);
    return true;
  }

  /** Whether an actor that is not known may be about to be born. */
  boolean mayCome(long id) {
    int by = ActorIds.creator(id);
    if (by == peers.self() || peers.peer(by).isLost()) {
      return false;
    }
    Creator c = creators.get(by);
    return c == null || !c.isBorn(ActorIds.count(id));
  }

  /** It is created: who holds it beside its creator. */
  @Nullable Holders born(long id) {
    if (ActorIds.creator(id) == peers.self()) {
      return null;
    }
    Creator c = creators.computeIfAbsent(ActorIds.creator(id), n -> new Creator());
    c.born(ActorIds.count(id));
    return c.early.remove(id);
  }

  /** A process has said how many handles it has from another, of all actors; those are taken out. */
  void said(int process, int from, Map<Long, Integer> handles) {
    for (Creator c : creators.values()) {
      c.early.forEach((id, holders) -> {
        Integer count = handles.remove(id);
        holders.set(process, from, count == null ? 0 : count);
      });
    }
  }

  /** A process is gone: what it was about to create will not be. Returns who holds that. */
  Map<Long, List<Integer>> lost(int process) {
    Creator gone = creators.remove(process);
    for (Creator c : creators.values()) {
      c.early.values().forEach(holders -> holders.remove(process));
    }
    Map<Long, List<Integer>> early = new LinkedHashMap<>();
    if (gone != null) {
      gone.early.forEach((id, holders) -> early.put(id, holders.processes()));
    }
    return early;
  }

  /** How an actor ended whose creator did before it could tell of it. */
  static Death stillborn(Peer creator) {
    return new Death(
        Reason.WORKER_DIED, "was not created: " + creator + " " + creator.why(), null, false);
  }
}
