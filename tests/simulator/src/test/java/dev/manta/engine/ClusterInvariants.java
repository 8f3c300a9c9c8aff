package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.MantaException;
import dev.manta.NotExecutedException;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.TaskFailedException;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.Map;

/** What must hold when a program of many processes has ended and nothing moves any more. */
final class ClusterInvariants {
  private final Cluster cluster;
  private final Plan plan;

  ClusterInvariants(Cluster cluster) {
    this.cluster = cluster;
    this.plan = cluster.plan;
  }

  /** After the last step of the program. */
  void afterProgram() {
    for (Job job : cluster.jobs) {
      if (job.owner.alive && !job.owner.givenUp) {
        check(job);
      }
    }
    cluster.tap.check();
    actors();
    for (SimProcess p : cluster.processes.values()) {
      if (p.alive) {
        counters(p);
      }
    }
    nobodyIsLeft();
  }

  @SuppressWarnings("ReferenceEquality") // the same outcome
  private void check(Job job) {
    if (job.ref == null) {
      check(job.runs.isEmpty(), job + " was never submitted and has run");
      return;
    }
    check(job.ref.isDone(), job.whereabouts() + " never completed");
    check(job.told == 1, job + " told its completion " + job.told + " times");
    check(job.outcome == job.ref.raw(), job + " completed twice");
    Throwable error = job.error();
    if (error == null) {
      if (job.kind != Job.PUT) {
        check(
            job.runs.stream().anyMatch(r -> r.returned()[0]),
            job + " has a value, and no run has returned one");
      }
      if (job.flow == null) {
        value(job);
      }
      return;
    }
    check(error instanceof MantaException, job + " failed with " + error);
    switch ((MantaException) error) {
      case NotExecutedException e -> check(job.runs.isEmpty(), job + " has run: " + e);
      case OutcomeUnknownException e -> {
      }
      case TaskFailedException e ->
          check(
              job.runs.stream().anyMatch(r -> r.thrown()[0]) || hasLostItsDependency(job, e),
              job + " did not throw: " + Scheduler.describe(e));
    }
    reason(job, ((MantaException) error).reason(), error);
  }

  /** One that is copied may have been let go by the collector; whoever waited for it has looked. */
  private static void value(Job job) {
    if (job.outcome instanceof Integer number) {
      check(number == job.number, job + " has the value " + number);
    } else {
      check(job.outcome instanceof Copied, job + " has the value " + job.outcome);
    }
  }

  private void reason(Job job, Reason reason, Throwable error) {
    boolean may =
        switch (reason) {
          case APPLICATION -> error instanceof TaskFailedException;
          case ACTOR_DIED -> mayBeDead(job);
          case WORKER_DIED, OWNER_DIED, OBJECT_LOST -> cluster.hadLosses;
          case CANCELLED -> plan.cancels() || plan.kills() || cluster.hadLosses
              || hasRetries(job) || isLate(job) || job.flow != null;
          case DEADLINE -> isLate(job);
          case PENDING_LIMIT -> job.kind >= 0 && Plan.isLimited(plan.kinds().get(job.kind));
          case DEPENDENCY_FAILED -> job.dependency != null || cluster.hadLosses;
          default -> false;
        };
    check(may, job + " has no reason to fail with " + Scheduler.describe(error));
  }

  private boolean mayBeDead(Job job) {
    for (Job j = job; j != null; j = j.parent) {
      if (j.actor >= 0 && cluster.mayBeDead(j.actor)) {
        return true;
      }
    }
    return false;
  }

  /** What the driver knows of actors is so, and what others know of them is what it knows. */
  private void actors() {
    Object directory = Reachability.field(cluster.driver().peers.actors, "directory");
    Map<?, ?> entries = (Map<?, ?>) Reachability.field(directory, "entries");
    for (Object e : entries.values()) {
      DirectoryEntry entry = (DirectoryEntry) e;
      SimProcess host = host(entry) == null ? null : cluster.processes.get(host(entry).number);
      if (host == null && plan.scarce() && entry.options.cpus() > 0) {
        continue; // it waits for that
      }
      check(host != null && host.alive, number(entry.id) + " has no host");
      ActorHandle<?> hosted = host.peers.hosting.actor(entry.id);
      check(host.givenUp || (hosted != null && !hosted.cell.isDead()),
          number(entry.id) + " is not in its host, " + host);
    }
    cluster.killed.forEach(
        (id, by) -> check(Cluster.isGone(by) || !entries.containsKey(id),
            number(id) + " was killed and lives"));
    for (SimProcess p : cluster.processes.values()) {
      if (!Cluster.isGone(p)) {
        for (Object known : ((Map<?, ?>) Reachability.field(p.peers.actors.leases, "known"))
            .values()) {
          RemoteCell cell = (RemoteCell) Reachability.field(known, "cell");
          check(((WeakReference<?>) known).get() == null || !cluster.tap.hasBegun(cell.id)
              || cell.isDead() != entries.containsKey(cell.id),
              p + " is wrong about the life of " + number(cell.id));
        }
        for (Object id : ((Map<?, ?>) Reachability.field(p.peers.hosting, "hosted")).keySet()) {
          check(!cluster.killed.containsKey(id) || Cluster.isGone(cluster.killed.get(id)),
              number((long) id) + " was killed and lives in " + p);
        }
      }
    }
  }

  private static Peer host(DirectoryEntry entry) {
    return (Peer) Reachability.field(entry, "host");
  }

  /** It began with the value of a ref, which has gone with the process that had made it. */
  private boolean hasLostItsDependency(Job job, TaskFailedException e) {
    return cluster.hadLosses && job.dependency != null && job.runs.isEmpty()
        && String.valueOf(e.getCause()).contains("a value is lost");
  }

  private static String number(long actor) {
    return "actor " + ActorIds.words(actor);
  }

  private static boolean isLate(Job job) {
    for (Job j = job; j != null; j = j.parent) {
      if (j.deadlineAt <= job.doneAt) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasRetries(Job job) {
    for (Job p = job.parent; p != null; p = p.parent) {
      if (p.retries > 0) {
        return true;
      }
    }
    return false;
  }

  private void nobodyIsLeft() {
    for (SimThread t : cluster.scheduler.live()) {
      boolean idle = t.name.equals("task") && t.state == SimThread.State.PARKED;
      check(idle || cluster.scheduler.isTimers(t), "left behind:" + cluster.scheduler.dump());
    }
    check(cluster.scheduler.monitors.isEmpty(), "a monitor is held for ever");
  }

  private void counters(SimProcess p) {
    var stats = p.engine.statsOfThisProcess();
    check(stats.tasksRunning() == 0, p + ": tasks running: " + stats.tasksRunning());
    check(stats.tasksQueued() == 0 || plan.scarce(), p + ": tasks queued: " + stats.tasksQueued());
    for (var a : stats.actors()) {
      check(a.pending() == 0, p + ": pending in " + a);
      check(a.started() == 0, p + ": started in " + a);
    }
    check(p.peers.tasks.calls() == 0, p + ": pending tasks: " + p.peers.tasks.calls());
    check(p.peers.tasks.queued() == 0, p + ": queued tasks: " + p.peers.tasks.queued());
    check(p.peers.actors.isIdle(), p + ": calls are pending on actors of other processes");
    for (Peer peer : p.peers.all()) {
      for (String table : new String[]{"outstanding", "inbound", "outflows", "grants"}) {
        empty(p, peer, peer, table);
      }
      empty(p, peer, peer.exports, "pending");
      empty(p, peer, peer.borrows, "open");
    }
    for (ActorCell cell : p.engine.actors.all()) {
      pending(p, "its " + cell, cell.pending);
    }
    for (Object known : ((Map<?, ?>) Reachability.field(p.peers.actors.leases, "known")).values()) {
      RemoteCell cell = (RemoteCell) Reachability.field(known, "cell");
      pending(p, "another's " + cell.label(), cell.pending);
    }
    empty(p, "all", p.peers.questions, "open");
    empty(p, "actors", p.peers.actors, "rationed");
    for (Object seat : (Collection<?>) Reachability.field(p.peers.tasks, "seats")) {
      check(((Seat) seat).tasks == 0, "the driver counts tasks of " + ((Seat) seat).worker);
      check(((Seat) seat).waiting == 0, "the driver counts waiting ones");
    }
  }

  /** All room is back, and nobody waits for it. */
  private static void pending(SimProcess p, Object of, Pending pending) {
    check(pending.calls() == 0, p + ": " + pending.calls() + " are pending in " + of);
    check(Cluster.bytes(pending) == 0, p + ": " + Cluster.bytes(pending) + " bytes in " + of);
    check(!pending.awaited, p + ": room is awaited in " + of);
  }

  private static void empty(SimProcess p, Object of, Object holder, String table) {
    Object all = Reachability.field(holder, table);
    boolean empty = all instanceof Map<?, ?> m ? m.isEmpty() : ((Collection<?>) all).isEmpty();
    check(empty, p + ": left in " + table + " of " + of + ": " + all);
  }

  /** After everything was let go. */
  void afterDrop() {
    SimProcess driver = cluster.driver();
    Object directory = Reachability.field(driver.peers.actors, "directory");
    for (Object e : ((Map<?, ?>) Reachability.field(directory, "entries")).values()) {
      var entry = (DirectoryEntry) e;
      check(false, "actor " + ActorIds.words(entry.id) + " is held by " + entry.holders);
    }
    empty(driver, "the directory", directory, "byName");
    Object homes = Reachability.field(directory, "homes");
    empty(driver, "the directory", homes, "homeless");
    Object departures = Reachability.field(directory, "departures");
    empty(driver, "the directory", departures, "silent");
    for (SimProcess p : cluster.processes.values()) {
      if (p.alive) {
        empty(p, "actors", p.peers.actors.leases, "known");
        empty(p, "actors", p.peers.hosting, "hosted");
        empty(p, "values", p.peers.lending(), "byNumber");
        for (ActorCell cell : p.engine.actors.all()) {
          check(cell.isDead() || cell.current().instance == null || !isHeldByName(cell),
              p + ": " + cell + " lives and nobody holds it");
        }
      }
    }
    Object loads = Reachability.field(homes, "workers");
    for (Object load : ((Map<?, ?>) Reachability.field(loads, "workers")).values()) {
      int actors = ((Load) load).actors();
      check(actors == 0, "the directory counts actors: " + actors);
    }
    var stats = driver.engine.statsOfThisProcess();
    check(stats.free().equals(stats.resources()), "resources are not back: " + stats.free());
    check(cluster.memory.isEmpty(), "shared memory is not free");
  }

  private static boolean isHeldByName(ActorCell cell) {
    ActorOptions o = cell.options;
    return o.name() != null || o.cpus() > 0;
  }

  /** After the close. */
  void afterClose() {
    for (SimThread t : cluster.scheduler.live()) {
      check(
          cluster.scheduler.isTimers(t), "left behind after the close:" + cluster.scheduler.dump());
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new Violation(what);
    }
  }
}
