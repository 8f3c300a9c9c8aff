package dev.manta.examples.balancer;

import java.util.List;

/**
 * What a load balancer has done.
 *
 * @param mostInside the highest number of calls that were inside the actor at once
 * @param lines a line for each backend
 */
record Report(int mostInside, List<Line> lines) {
  /**
   * What one backend has done.
   *
   * @param up whether it takes requests
   * @param answered the requests that it answered
   * @param failed the requests that it did not answer, and that went to another
   * @param lastFailure why it was taken out last; empty if it never was
   */
  record Line(String uri, boolean up, int answered, int failed, String lastFailure) {}

  /** The percentage of all answers that came from this backend. */
  double share(Line line) {
    int all = lines.stream().mapToInt(Line::answered).sum();
    return all == 0 ? 0 : 100.0 * line.answered() / all;
  }
}
