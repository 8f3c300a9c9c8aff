package dev.manta.engine;

import java.util.HashSet;
import java.util.Set;
import java.util.function.LongPredicate;

/** What processes note of the work that they begin, in memory that outlives them. */
final class SimulatedBeginnings {
  private record Note(int process, int caller, long work) {}

  private final Cluster cluster;
  private final Set<Note> notes = new HashSet<>();

  /** Processes that could not make a file for a caller. */
  private final Set<Note> without = new HashSet<>();

  SimulatedBeginnings(Cluster cluster) {
    this.cluster = cluster;
  }

  Beginnings of(int process) {
    return new Beginnings() {
      @Override
      public Notes of(int peer) {
        if (cluster.random.nextInt(16) == 0) {
          without.add(new Note(process, peer, 0));
          return null;
        }
        return work -> {
          Hooks.checkpoint();
          notes.add(new Note(process, peer, work));
          Hooks.checkpoint();
        };
      }

      @Override
      public LongPredicate mayHaveBegun(int peer) {
        return work -> cluster.processes.get(peer).alive // which only seems to be lost
            || without.contains(new Note(peer, process, 0))
            || notes.contains(new Note(peer, process, work));
      }
    };
  }
}
