package dev.manta.engine;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One simulated process: an engine, and what user code in it holds. */
final class SimProcess {
  final int number;
  final SimulatedHost host;
  final Engine engine;
  final Peers peers;

  /** Code that runs here. */
  final Set<JobCode> codes = new LinkedHashSet<>();

  /** What is on the stacks of threads that wait for an answer of the engine. */
  int unseenByCollector;

  boolean alive = true;

  /** The driver has given it up: it ends soon. */
  boolean givenUp;

  /** How long it has stood still. */
  long frozenNs;

  SimProcess(int number, SimulatedHost host, Engine engine) {
    this.number = number;
    this.host = host;
    this.engine = engine;
    this.peers = engine.distribute(number, SimProcess.class.getClassLoader());
  }

  /** From where the collector looks for what is reachable. */
  List<Object> roots(Scheduler scheduler) {
    List<Object> roots = new ArrayList<>();
    roots.add(engine);
    roots.addAll(scheduler.timersOf(number));
    for (JobCode code : codes) {
      roots.addAll(code.held());
    }
    return roots;
  }

  @Override
  public String toString() {
    return number == 0 ? "the driver" : "process " + number;
  }
}
