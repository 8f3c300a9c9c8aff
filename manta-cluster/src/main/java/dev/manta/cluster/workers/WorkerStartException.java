package dev.manta.cluster.workers;

import java.util.List;

/** Worker processes died at their start again and again. The message says how each of them did. */
public final class WorkerStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WorkerStartException(List<String> deaths) {
    super(
        "No worker process could be started: %d in a row died before they were ready:\n  %s"
            .formatted(deaths.size(), String.join("\n  ", deaths)));
  }
}
