package dev.manta.engine;

import dev.manta.ActorOptions;
import java.util.HashMap;
import java.util.Map;

/** An instance of a program's actor: watches that its code is never where it must not be. */
class SimActor {
  final World world;
  final int index;
  final ActorOptions options;
  final boolean hasTurns;
  private final Map<String, Integer> started = new HashMap<>();
  private Object inside;

  /** When code here last took time without an await. */
  long computedUntil = -1;

  SimActor(World world, int index) {
    this.world = world;
    this.index = index;
    this.options = world.program.actors().get(index).options();
    this.hasTurns = world.program.actors().get(index).hasTurns();
  }

  /** Code runs here from now on. */
  @SuppressWarnings("ReferenceEquality") // the same code
  void enter(Object code) {
    if (hasTurns) {
      if (inside != null && inside != code) {
        world.violated("two at once in actor " + index + ": " + inside + " and " + code);
      }
      inside = code;
      Hooks.checkpoint();
    }
  }

  /** The code is about to wait, or has ended. */
  @SuppressWarnings("ReferenceEquality") // the same code
  void leave(Object code) {
    if (hasTurns) {
      if (inside != code) {
        world.violated(code + " was joined in actor " + index + " by " + inside);
      }
      inside = null;
    }
  }

  void begun(Submission s) {
    int now = started.merge(String.valueOf(s.op.group()), 1, Integer::sum);
    int limit =
        s.op.group() == null
            ? options.maxConcurrency()
            : options.groups().get(s.op.group()).maxConcurrency();
    if (now > limit) {
      world.violated(now + " calls started in actor " + index + " where " + limit + " may be");
    }
  }

  void ended(Submission s) {
    started.merge(String.valueOf(s.op.group()), -1, Integer::sum);
  }

  /** One with something to close. */
  static final class Closing extends SimActor implements AutoCloseable {
    Closing(World world, int index) {
      super(world, index);
    }

    @Override
    public void close() {
      world.log("close() of actor " + index);
    }
  }
}
