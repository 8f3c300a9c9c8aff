package dev.manta;

import java.util.List;
import java.util.Map;

/**
 * A look inside, as it was at one moment.
 *
 * @param resources what this Manta offers: {@code "cpu"} and the custom resources
 * @param free what of it is free
 * @param tasksRunning tasks started and not finished, those that wait for a ref included
 * @param tasksQueued tasks submitted and not started
 * @param actors the live actors
 * @param stalls turns that were held too long: the newest, at most 100
 */
public record MantaStats(
    Map<String, Double> resources,
    Map<String, Double> free,
    long tasksRunning,
    long tasksQueued,
    List<ActorStats> actors,
    List<Stall> stalls) {
  /** Copies the collections. */
  public MantaStats {
    resources = Map.copyOf(resources);
    free = Map.copyOf(free);
    actors = List.copyOf(actors);
    stalls = List.copyOf(stalls);
  }
}
