package dev.manta.engine;

import dev.manta.simulator.Report;
import dev.manta.simulator.Simulator;
import dev.manta.simulator.Style;
import dev.manta.simulator.Waves;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Runs the programs of seeds. */
public final class Simulation implements Simulator {
  @Override
  public Report run(long seed, boolean verbose) {
    SplittableRandom random = new SplittableRandom(seed);
    Program program = new Programs(random.split()).make();
    Scheduler scheduler = new Scheduler(random.split());
    World world = new World(program, scheduler, verbose);
    String failure = null;
    try {
      run(world);
    } catch (Violation e) {
      failure = e.getMessage();
    }
    List<String> log = new ArrayList<>(world.log);
    if (verbose) {
      log.addFirst(program.toString());
    }
    return new Report(seed, failure, scheduler.trace(), scheduler.steps(), log);
  }

  @Override
  public Report runMany(Style style, long seed, boolean verbose) {
    SplittableRandom random = new SplittableRandom(seed);
    Plan plan = Plan.of(random.split(), style);
    Scheduler scheduler = new Scheduler(random.split());
    Cluster cluster = new Cluster(plan, scheduler, random.split(), verbose);
    String failure = null;
    try {
      run(cluster);
    } catch (Violation e) {
      failure = e.getMessage();
    } catch (IllegalStateException e) {
      failure = Scheduler.describe(e);
    }
    List<String> log = new ArrayList<>(cluster.log);
    if (verbose) {
      log.addFirst(plan.toString());
    }
    return new Report(seed, failure, scheduler.trace(), scheduler.steps(), log);
  }

  @Override
  public Waves sleepers(long seed, int calls, int limit) {
    return new Sleepers(new Scheduler(new SplittableRandom(seed))).run(calls, limit);
  }

  private static void run(World world) {
    World.current = world;
    Invariants invariants = new Invariants(world);
    world.begin();
    world.scheduler.runUntilIdle();
    invariants.afterProgram();
    world.scheduler.spawn("reclaim", () -> Reclaim.everything(world));
    world.scheduler.runUntilIdle();
    invariants.afterDrop();
    world.scheduler.spawn("close", () -> world.engine.close(Duration.ZERO));
    world.scheduler.runUntilIdle();
    invariants.afterClose();
  }

  private static void run(Cluster cluster) {
    Cluster.current = cluster;
    ClusterInvariants invariants = new ClusterInvariants(cluster);
    cluster.begin();
    cluster.scheduler.runUntilIdle();
    cluster.end();
    invariants.afterProgram();
    cluster.letGo();
    invariants.afterDrop();
    for (SimProcess p : cluster.processes.values()) {
      if (p.alive) {
        cluster.scheduler.spawn(p.number, "close", () -> p.engine.closeHere(Duration.ZERO));
      }
    }
    cluster.scheduler.runUntilIdle();
    invariants.afterClose();
  }
}
