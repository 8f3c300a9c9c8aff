package dev.manta;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A task, or the constructor of an actor, written as a lambda: {@code manta.submit(() ->
 * countPrimes(n))}, {@code manta.actor(Counter::new)}. What it captures are the arguments; they are
 * copied when it is submitted.
 *
 * @param <T> what it returns
 */
@FunctionalInterface
public interface RemoteSupplier<T extends @Nullable Object> extends Serializable {
  /**
   * Runs where the task or actor was placed.
   *
   * @throws Exception whatever the code throws: it fails the task
   */
  T get() throws Exception;
}
