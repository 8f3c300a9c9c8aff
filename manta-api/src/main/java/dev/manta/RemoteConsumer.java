package dev.manta;

import java.io.Serializable;

/**
 * A call on an actor that returns nothing: {@code log.run(l -> l.append(line))}.
 *
 * @param <A> the class of the actor
 */
@FunctionalInterface
public interface RemoteConsumer<A> extends Serializable {
  /**
   * Runs in the actor, in its turn.
   *
   * @throws Exception whatever the method throws: it fails the call
   */
  void accept(A actor) throws Exception;
}
