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
    if (awaited instanceof RemoteWork<?> remote && waiter instanceof Call<?> call) {
      RemoteWaits.begins(call, remote);
    }
    if (awaited instanceof Work<?> first
        ? isAlive(first)
        : !(awaited instanceof Completions.Several || awaited instanceof Pending.Admission)) {
      return null;
    }
    if (awaited.isDone()) {
      return null;
    }
    List<Work<?>> path = new ArrayList<>();
    Set<Work<?>> visited = Collections.newSetFromMap(new IdentityHashMap<>());
    visited.add(waiter);
    if (mayComplete(awaited, visited, path)) {
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
    return group != null && group.started() >= group.max;
  }

  private static @Nullable GroupState groupOf(Call<?> call) {
    ActorHandle<?> target = call.target();
    return target == null ? null : target.cell.current().groups[call.group];
  }

  /** Whether a path leads from what is awaited to something that may end. */
  private static boolean mayComplete(Ref<?> awaited, Set<Work<?>> visited, List<Work<?>> path) {
    return switch (awaited) {
      case Work<?> work -> mayEnd(work, visited, path);
      case Completions.Several several -> mayComplete(several, visited, path);
      case Pending.Admission admission -> mayComplete(admission, visited, path);
      default -> true;
    };
  }

  /** Whether as many of several refs as are wanted may complete. */
  private static boolean mayComplete(
      Completions.Several several, Set<Work<?>> visited, List<Work<?>> path) {
    int may = 0;
    for (Ref<?> ref : several.refs) {
      Set<Work<?>> seen = Collections.newSetFromMap(new IdentityHashMap<>());
      seen.addAll(visited);
      if (ref.isDone() || mayComplete(ref, seen, path)) {
        may++;
        if (may >= several.wanted || seen.size() > MAX_VISITED) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether any pending call of the actor may end, which makes room. */
  private static boolean mayComplete(
      Pending.Admission admission, Set<Work<?>> visited, List<Work<?>> path) {
    ActorCell actor = admission.actor;
    if (actor == null || actor.isDead() || actor.holdsCalls()) {
      return true;
    }
    Incarnation life = actor.current();
    List<Work<?>> started = new ArrayList<>();
    long all = 0;
    for (int group = 0; group < life.groups.length; group++) {
      GroupState state = life.groups[group];
      all += state.started();
      if (!addStarted(life, group, started)) {
        return true;
      }
    }
    if (actor.pending.calls() > all && hasFreePlace(life)) {
      return true;
    }
    for (Work<?> call : started) {
      if (mayEnd(call, visited, path)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasFreePlace(Incarnation life) {
    for (GroupState group : life.groups) {
      if (group.started() < group.max) {
        return true;
      }
    }
    return false;
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
      if (waitsFor instanceof Work<?> next) {
        open.add(next);
      } else if (waitsFor != null) {
        if (mayComplete(waitsFor, visited, path)) {
          return true;
        }
      } else if (work.phase() != Work.QUEUED || !isBehind(work) || !addAhead(work, open)) {
        return true;
      }
    }
    return false;
  }

  /** Adds the calls that a queued one stands behind; false if one of them runs on. */
  private static boolean addAhead(Work<?> work, List<Work<?>> open) {
    ActorHandle<?> target = ((Call<?>) work).target();
    return target != null
        && addStarted(target.cell.current(), ((Call<?>) work).group, open)
        && isBehind(work); // still: else it has a place by now
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
    return found >= actor.groups[group].started();
  }
}
