package dev.manta.engine;

import java.util.HashMap;
import java.util.Map;

/** A worker, and what it hosts. Guarded by the {@link Directory}. */
final class Load {
  final Peer worker;
  private final long cpus;
  private final Map<String, Integer> byClass = new HashMap<>();
  private int actors;
  private long takenCpus;
  private long idleSinceNs;

  Load(Peer worker, int cpus, long nowNs) {
    this.worker = worker;
    this.cpus = Needs.units(cpus);
    idleSinceNs = nowNs;
  }

  int actors() {
    return actors;
  }

  /** How many actors it hosts, by which those of a kind are spread. */
  int actors(DirectoryEntry kind) {
    return isSpread(kind) ? byClass.getOrDefault(kind.className, 0) : actors;
  }

  static boolean isSpread(DirectoryEntry e) {
    return e.options.where() == dev.manta.Where.SPREAD;
  }

  /** Whether it has the CPUs that an actor takes for its life. */
  boolean hasRoomFor(DirectoryEntry e) {
    return takenCpus + Needs.units(e.options.cpus()) <= cpus;
  }

  void add(DirectoryEntry e) {
    actors++;
    takenCpus += Needs.units(e.options.cpus());
    byClass.merge(e.className, 1, Integer::sum);
  }

  void remove(DirectoryEntry e, long nowNs) {
    actors--;
    takenCpus -= Needs.units(e.options.cpus());
    byClass.computeIfPresent(e.className, (c, n) -> n == 1 ? null : n - 1);
    idleSinceNs = nowNs;
  }

  boolean isIdle(long forNs, long nowNs) {
    return actors == 0 && nowNs - idleSinceNs >= forNs;
  }
}
