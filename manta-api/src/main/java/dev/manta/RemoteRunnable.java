package dev.manta;

import java.io.Serializable;

/** A task that returns nothing: {@code manta.run(() -> index.rebuild(path))}. */
@FunctionalInterface
public interface RemoteRunnable extends Serializable {
  /**
   * Runs where the task was placed.
   *
   * @throws Exception whatever the code throws: it fails the task
   */
  void run() throws Exception;
}
