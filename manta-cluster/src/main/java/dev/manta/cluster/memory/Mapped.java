package dev.manta.cluster.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner.Cleanable;

/**
 * A mapping of a stored object that ends when it is closed, or else when nobody can reach this any
 * more. Any thread may use and close it.
 */
public final class Mapped implements AutoCloseable {
  private final MemorySegment segment;
  private final Cleanable end;

  Mapped(MemorySegment segment, Arena arena, Runnable afterwards) {
    this.segment = segment;
    end = SharedStore.CLEANER.register(this, () -> {
      arena.close();
      afterwards.run();
    });
  }

  /**
   * The object's bytes, which can't be written: no copy. Whoever uses them keeps this reachable, for
   * they don't: after its end each access throws {@link IllegalStateException}.
   */
  public MemorySegment segment() {
    return segment;
  }

  /** Ends the mapping; the second time nothing happens. */
  @Override
  public void close() {
    end.clean();
  }
}
