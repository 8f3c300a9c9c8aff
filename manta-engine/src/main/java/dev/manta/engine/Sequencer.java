package dev.manta.engine;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the calls of one handle of a serial actor in the order of submission, whichever of their
 * dependencies are ready first. Its monitor is a leaf.
 */
final class Sequencer<W extends Work<?>> {
  private final Consumer<W> submit;
  private final ArrayDeque<W> line = new ArrayDeque<>();
  private final Set<W> unready = new HashSet<>();

  /** Somebody submits what is ready, in order: under no monitor, since that may complete refs. */
  private boolean draining;

  Sequencer(Consumer<W> submit) {
    this.submit = submit;
  }

  void submit(W call, List<Ref<?>> dependencies) {
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

  private void ready(W call) {
    synchronized (this) {
      unready.remove(call);
      if (draining) {
        return; // whoever drains sees it
      }
      draining = true;
    }
    for (W first = next(); first != null; first = next()) {
      submit.accept(first);
    }
  }

  /** The first of the line if it is ready; else the draining has ended. */
  private @Nullable W next() {
    synchronized (this) {
      W first = line.peek();
      if (first == null || unready.contains(first)) {
        draining = false;
        return null;
      }
      return line.remove();
    }
  }
}
