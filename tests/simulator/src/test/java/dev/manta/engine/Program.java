package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.LocalOptions;
import java.util.List;

/**
 * What a seed makes.
 *
 * @param mayStarve it may wait for ever but for its deadlines: for itself, or for threads
 */
record Program(
    LocalOptions options,
    List<Actor> actors,
    List<List<Step>> clients,
    boolean mayStarve,
    boolean kills,
    boolean cancels,
    boolean closes) {

  /**
   * An actor of a program.
   *
   * @param owner the client that alone calls it; -1 where all do
   */
  record Actor(
      ActorOptions options, boolean fails, long constructorMs, boolean closeable, int owner) {
    boolean hasTurns() {
      return options.kind() != ActorOptions.Kind.THREADED;
    }
  }
}
