package dev.manta.engine;

import dev.manta.Reason;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

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

  /** The handles of each process to one actor. */
  static final class Holders extends LinkedHashMap<Integer, Integer> {
    private static final long serialVersionUID = 1;
  }

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

  private static int creator(long id) {
    return (int) (id >>> ActorCell.CREATOR_SHIFT);
  }

  private static long number(long id) {
    return id & (1L << ActorCell.CREATOR_SHIFT) - 1;
  }

  /**
   * A process has got so many handles of an actor that is not known, or has let go of them.
   *
   * @return false if it is not about to be born
   */
  boolean holds(long id, int process, int handles) {
    int by = creator(id);
    if (by == peers.self() || by == process || peers.peer(by).isLost()) {
      return false;
    }
    Creator c = creators.computeIfAbsent(by, n -> new Creator());
    if (c.isBorn(number(id))) {
      return false;
    }
    if (!c.early.containsKey(id) && c.early.size() >= MAX_OF_A_PROCESS) {
      return false;
    }
    c.early.computeIfAbsent(id, i -> new Holders()).merge(process, handles, Integer::sum);
    return true;
  }

  /** It is created: who holds it beside its creator. */
  Map<Integer, Integer> born(long id) {
    if (creator(id) == peers.self()) {
      return Map.of();
    }
    Creator c = creators.computeIfAbsent(creator(id), n -> new Creator());
    c.born(number(id));
    Holders holders = c.early.remove(id);
    return holders == null ? Map.of() : holders;
  }

  /** A process is gone: what it was about to create will not be. Returns who holds that. */
  Map<Long, List<Integer>> lost(int process) {
    Creator gone = creators.remove(process);
    for (Creator c : creators.values()) {
      c.early.values().forEach(holders -> holders.remove(process));
    }
    Map<Long, List<Integer>> early = new LinkedHashMap<>();
    if (gone != null) {
      gone.early.forEach((id, holders) -> early.put(id, List.copyOf(holders.keySet())));
    }
    return early;
  }

  /** How an actor ended whose creator did before it could tell of it. */
  static Death stillborn(Peer creator) {
    return new Death(
        Reason.WORKER_DIED, "was not created: " + creator + " " + creator.why(), null, false);
  }
}
