package dev.manta.examples.balancer;

import dev.manta.examples.support.Clients;
import dev.manta.examples.support.Table;
import java.util.Locale;

/** Prints what the clients and the load balancer have seen. */
final class BalancingTable {
  private BalancingTable() {}

  /**
   * Prints the table.
   *
   * @param result of many clients
   * @param single of one client, which sends one request at a time
   * @param life which life of the load balancer the report is of, from 1
   */
  static void print(Clients.Result result, Report report, Clients.Result single, long life) {
    String since = life > 1 ? " since the restart" : "";
    int requests = result.latencies().count();
    Table.line("requests/s", "%,.0f", result.perSecond());
    Table.line("p50 / p95 / p99", result.latencies().p50p95p99());
    Table.line("calls inside the actor", "%,d at once at most%s", report.mostInside(), since);
    for (Report.Line line : report.lines()) {
      Table.line(line.uri(), "%5.1f %%%s%s", report.share(line), since, fate(line));
    }
    Table.line("errors", "%,d", result.errors());
    result.failures().forEach((cause, count) -> Table.line("  " + cause, "%,d", count));
    Table.line("time", "%,.1f s", result.seconds());
    Table.line("time, one at a time", "%,.1f s (extrapolated from %d measured requests)",
        single.latencies().meanSeconds() * requests, single.latencies().count());
  }

  /**
   * Prints which process did what.
   *
   * @param life which life of the load balancer this is, from 1
   */
  static void printProcesses(Answers.Seen seen, long life) {
    seen.byProcess()
        .forEach((process, count) -> Table.line("process " + process,
            "the load balancer, %,d answers%s", count, process == seen.killed() ? "; killed" : ""));
    if (life > 1) {
      Table.line("restarted", "the load balancer: life %d", life);
      Table.line("retried", "%,d (calls that its last process had not answered)", seen.retried());
    }
    if (seen.killed() != 0) {
      Table.line("kill to next answer",
          seen.pauseMs() == 0 ? "none came" : "%,.0f ms", seen.pauseMs());
    }
  }

  private static String fate(Report.Line line) {
    if (line.failed() == 0) {
      return "";
    }
    return String.format(Locale.ROOT, "  %s (%s), %,d requests taken back from it",
        line.up() ? "was down, came back" : "down", line.lastFailure(), line.failed());
  }
}
