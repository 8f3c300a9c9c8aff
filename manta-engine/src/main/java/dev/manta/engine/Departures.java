package dev.manta.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The workers that are gone and may have passed handles on just before, of which the driver has not heard
 * while others have got them, or the other way round: until all others have said what they have from it.
 * Guarded by the directory.
 */
final class Departures {
  /** Who is yet to say, by the process that is gone. */
  private final Map<Integer, Set<Integer>> silent = new HashMap<>();

  /** A process is gone, and those are asked. */
  void add(int gone, Collection<Integer> asked) {
    silent.put(gone, new HashSet<>(asked));
  }

  boolean isOpen(int gone) {
    return silent.containsKey(gone);
  }

  /** The processes of which not all is said. */
  Set<Integer> open() {
    return silent.keySet();
  }

  /** A process has said what it has from one that is gone; returns whether all have. */
  boolean said(int process, int gone) {
    Set<Integer> left = silent.get(gone);
    if (left == null || !left.remove(process) || !left.isEmpty()) {
      return false;
    }
    silent.remove(gone);
    return true;
  }

  /** A process will not say anything any more; returns those of which all is said by that. */
  List<Integer> lost(int process) {
    List<Integer> over = new ArrayList<>();
    for (int gone : List.copyOf(silent.keySet())) {
      if (said(process, gone)) {
        over.add(gone);
      }
    }
    return over;
  }
}
