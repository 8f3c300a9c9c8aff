package dev.manta.engine;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps the calls of one handle of a serial actor in the order of submission, whichever of their
 * dependencies are ready first. Its monitor is taken before nothing but the mailbox's step.
 */
final class Sequencer {
  private final ActorCell cell;
  private final ArrayDeque<Call<?>> line = new ArrayDeque<>();
  private final Set<Call<?>> ready = new HashSet<>();

  Sequencer(ActorCell cell) {
    this.cell = cell;
  }

  void submit(Call<?> call, List<Ref<?>> dependencies) {
    synchronized (this) {
      if (line.isEmpty() && Gate.isOpen(dependencies)) {
        Gate.hold(call, dependencies, () -> cell.submit(call));
        return;
      }
      line.add(call);
    }
    var _ =
        call.subscribe(
            new Waiter() {
              @Override
              void completed(Ref<?> ref) {
                ready(call);
              }
            });
    Gate.hold(call, dependencies, () -> ready(call));
  }

  private void ready(Call<?> call) {
    synchronized (this) {
      if (line.contains(call)) {
        ready.add(call);
      }
      for (Call<?> first = line.peek();
          first != null && (ready.contains(first) || first.isDone());
          first = line.peek()) {
        line.remove();
        ready.remove(first);
        cell.submit(first);
      }
    }
  }
}
