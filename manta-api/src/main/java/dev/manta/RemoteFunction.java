package dev.manta;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A call on an actor, written as a lambda: {@code counter.call(c -> c.add(5))}. What it captures
 * are the arguments; they are copied when the call is submitted.
 *
 * @param <A> the class of the actor
 * @param <T> what the call returns
 */
@FunctionalInterface
public interface RemoteFunction<A, T extends @Nullable Object> extends Serializable {
  /**
   * Runs in the actor, in its turn.
   *
   * @throws Exception whatever the method throws: it fails the call
   */
  T apply(A actor) throws Exception;
}
