package dev.manta.engine;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the calls of one handle of a serial actor in the order of submission, whichever of their
 * dependencies are ready first. Its monitor is a leaf.
 */
final class Sequencer {
  private final ActorCell cell;
  private final ArrayDeque<Call<?>> line = new ArrayDeque<>();
  private final Set<Call<?>> unready = new HashSet<>();

  /** Somebody submits what is ready, in order: under no monitor, since that may complete refs. */
  private boolean draining;

  Sequencer(ActorCell cell) {
    this.cell = cell;
  }

  void submit(Call<?> call, List<Ref<?>> dependencies) {
    synchronized (this) {
      line.add(call);
      unready.add(call);
    }
    if (Gate.isOpen(dependencies)) {
      Gate.hold(call, dependencies, () -> ready(call));
      return;
    }
    var _ =
        call.subscribe(
            new Waiter() {
              @Override
              boolean looks() {
                return false;
              }

              @Override
              void completed(Ref<?> ref) {
                ready(call);
              }
            });
    Gate.hold(call, dependencies, () -> ready(call));
  }

  private void ready(Call<?> call) {
    synchronized (this) {
      unready.remove(call);
      if (draining) {
        return; // whoever drains sees it
      }
      draining = true;
    }
    for (Call<?> first = next(); first != null; first = next()) {
      cell.submit(first);
    }
  }

  /** The first of the line if it is ready; else the draining has ended. */
  private @Nullable Call<?> next() {
    synchronized (this) {
      Call<?> first = line.peek();
      if (first == null || unready.contains(first)) {
        draining = false;
        return null;
      }
      return line.remove();
    }
  }
}
