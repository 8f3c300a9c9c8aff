package dev.manta.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Knows waits that can never end. Work that waits ends if what it waits for ends; a queued call ends
 * if any started call of its group ends first; whatever runs, sleeps or waits for something foreign
 * may end. A wait from which no path leads to any such thing is endless.
 */
final class EndlessWaits {
  /** A look at more works than that is given up: the wait is allowed. */
  private static final int MAX_VISITED = 10_000;

  private EndlessWaits() {}

  /**
   * The chain of an endless wait, in words.
   *
   * @param waiter work that has just said that it waits for {@code awaited}; of several that do so
   *     at once at least one sees the others
   * @return null if the wait may end
   */
  static @Nullable String chain(Work<?> waiter, Ref<?> awaited) {
    if (awaited instanceof Task<?> task
        && task.phase() == Work.QUEUED
        && waiter instanceof Task<?>
        && waiter.engine.tasks.isLastThread()) {
      return "this wait would never end: all threads for tasks wait already, and "
          + task
          + " has none; raise LocalOptions.maxTaskThreads, or wait outside the tasks";
    }
    if (!(awaited instanceof Work<?> first) || first.isDone() || isAlive(first)) {
      return null;
    }
    List<Work<?>> path = new ArrayList<>();
    Set<Work<?>> visited = Collections.newSetFromMap(new IdentityHashMap<>());
    visited.add(waiter);
    if (mayEnd(first, visited, path)) {
      return null;
    }
    StringJoiner words = new StringJoiner(", which waits for ");
    words.add(waiter.toString());
    for (Work<?> w : path) {
      words.add(w.toString());
    }
    return "this wait would never end: " + words + ", which waits for the first";
  }

  /** A quick look at the usual case: running, or about to start. */
  private static boolean isAlive(Work<?> work) {
    return work.waitsFor() == null && !(work.phase() == Work.QUEUED && isBehind(work));
  }

  private static boolean isBehind(Work<?> work) {
    GroupState group = work instanceof Call<?> call ? groupOf(call) : null;
    return group != null && group.started >= group.max;
  }

  private static @Nullable GroupState groupOf(Call<?> call) {
    ActorHandle<?> target = call.target();
    return target == null ? null : target.cell.current().groups[call.group];
  }

  private static boolean mayEnd(Work<?> start, Set<Work<?>> visited, List<Work<?>> path) {
    List<Work<?>> open = new ArrayList<>();
    open.add(start);
    while (!open.isEmpty()) {
      Work<?> work = open.removeLast();
      if (work.isDone() || visited.size() > MAX_VISITED) {
        return true;
      }
      if (!visited.add(work)) {
        continue;
      }
      path.add(work);
      Ref<?> waitsFor = work.waitsFor();
      if (waitsFor != null) {
        if (!(waitsFor instanceof Work<?> next)) {
          return true;
        }
        open.add(next);
      } else if (work.phase() == Work.QUEUED && isBehind(work)) {
        ActorHandle<?> target = ((Call<?>) work).target();
        if (target == null) {
          return true;
        }
        if (!addStarted(target.cell.current(), ((Call<?>) work).group, open)) {
          return true;
        }
      } else {
        return true;
      }
    }
    return false;
  }

  /** Adds the started calls of a group; false if one of them runs on without waiting. */
  private static boolean addStarted(Incarnation actor, int group, List<Work<?>> open) {
    int found = 0;
    synchronized (actor) {
      for (Call<?> c = actor.started.first(); c != null; c = c.after) {
        if (c.group == group) {
          open.add(c);
          found++;
        }
      }
    }
    return found >= actor.groups[group].started;
  }
}
