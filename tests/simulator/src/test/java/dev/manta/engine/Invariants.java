package dev.manta.engine;

import dev.manta.MantaException;
import dev.manta.NotExecutedException;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.TaskFailedException;

/** What must hold when a program has ended and nothing moves any more. */
final class Invariants {
  private final World world;

  Invariants(World world) {
    this.world = world;
  }

  /** After the last step of the program. */
  void afterProgram() {
    for (Submission s : world.submissions) {
      submission(s);
    }
    nobodyIsLeft();
    counters();
    nothingIsReachable();
  }

  @SuppressWarnings("ReferenceEquality") // the same outcome
  private void submission(Submission s) {
    if (s.ref == null) {
      check(s.refused != null || s.op.mode() != Op.Mode.OFFER, s + " was offered and is lost");
      check(!s.hasRun(), s + " was never submitted and has run");
      return;
    }
    check(s.ref.isDone(), s.whereabouts() + " never completed");
    check(s.told == -1 || s.told == 1, s + " told its completion " + s.told + " times");
    check(s.outcome == s.ref.raw(), s + " completed twice");
    for (Submission.Run run : s.runs) {
      check(run.ended, s + " has not ended");
    }
    Throwable error = Checks.error(s);
    if (error == null) {
      check(Integer.valueOf(s.number).equals(s.outcome), s + " has the value " + s.outcome);
      check(s.hasRun(), s + " has a value and has not run");
      return;
    }
    check(error instanceof MantaException, s + " failed with " + error);
    switch ((MantaException) error) {
      case NotExecutedException e -> check(!s.hasRun(), s + " has run: " + e);
      case OutcomeUnknownException e -> check(s.hasRun(), s + " has not run: " + e);
      case TaskFailedException e ->
          check(s.hasRun() && s.runs.getLast().thrown != null, s + " did not throw: " + e);
    }
    reason(s, ((MantaException) error).reason(), error);
  }

  private void reason(Submission s, Reason reason, Throwable error) {
    Program p = world.program;
    boolean may =
        switch (reason) {
          case APPLICATION -> true;
          case ACTOR_DIED -> p.kills() || p.closes() || hasStartDeadline(p) || isOwned(s);
          case CANCELLED -> p.cancels() || p.kills() || p.closes() || hasStartDeadline(p)
              || p.mayStarve() || hasRetries(s)
              || (s.parent != null && s.parent.deadlineAt <= s.doneAt);
          case DEADLINE -> s.doneAt >= s.deadlineAt;
          case PENDING_LIMIT -> s.op.actor() >= 0
              && p.actors().get(s.op.actor()).options().maxPendingCalls() < 10;
          case DRAINING -> world.closing;
          case DEPENDENCY_FAILED -> !s.op.dependencies().isEmpty();
          default -> false;
        };
    check(may, s + " has no reason to fail with " + error);
  }

  private static boolean hasStartDeadline(Program p) {
    return p.actors().stream().anyMatch(a -> a.options().startDeadline() != null);
  }

  private boolean isOwned(Submission s) {
    return s.op.actor() >= 0 && world.program.actors().get(s.op.actor()).owner() >= 0;
  }

  private boolean hasRetries(Submission s) {
    for (Submission p = s.parent; p != null; p = p.parent) {
      if (Checks.mayBeRunAgain(world, p)) {
        return true;
      }
    }
    return false;
  }

  private void nobodyIsLeft() {
    int idle = 0;
    for (SimThread t : world.scheduler.live()) {
      if (world.scheduler.isTimers(t)) {
        continue;
      }
      check(t.name.equals("task") && t.state == SimThread.State.PARKED,
          "left behind:" + world.scheduler.dump());
      idle++;
    }
    check(idle <= Math.ceil(world.cpus), idle + " idle threads");
    check(world.scheduler.monitors.isEmpty(), "a monitor is held for ever");
  }

  private void counters() {
    var stats = world.engine.stats();
    check(stats.tasksRunning() == 0, "tasks running: " + stats.tasksRunning());
    check(stats.tasksQueued() == 0, "tasks queued: " + stats.tasksQueued());
    for (var a : stats.actors()) {
      check(a.pending() == 0, "pending in " + a + ":" + pendingCalls());
      check(a.started() == 0, "started in " + a);
    }
    double held = 0;
    for (int i = 0; i < world.handles.size(); i++) {
      ActorCell cell = world.cell(i);
      held += cell.isDead() ? 0 : cell.options.cpus();
      check(cell.pending.calls() == 0, "pending in the dead " + cell);
      check(!cell.current().isHeld(), "the turn of " + cell + " is held");
    }
    check(Math.abs(world.cpus - held - stats.free().get("cpu")) < 1e-6,
        "cpus free: " + stats.free() + " of " + world.cpus + ", actors have " + held);
  }

  private String pendingCalls() {
    return world.submissions.stream()
        .filter(s -> s.ref instanceof Call<?>)
        .map(Submission::whereabouts)
        .filter(w -> w.endsWith("pending"))
        .toList()
        .toString();
  }

  private void nothingIsReachable() {
    String work = Reachability.path(world.engine, Work.class);
    check(work == null, "reachable from the engine: " + work);
    for (int i = 0; i < world.handles.size(); i++) {
      String left = Reachability.path(world.cell(i), Work.class);
      check(left == null, "reachable from actor " + i + ": " + left);
    }
  }

  /** After everything was let go: the actors that hold something have ended. */
  void afterDrop() {
    for (int i = 0; i < world.handles.size(); i++) {
      ActorCell cell = world.cell(i);
      boolean holds = cell.options.name() != null || cell.options.cpus() > 0
          || (world.program.actors().get(i).closeable() && cell.current().instance != null);
      check(!holds || cell.isDead(), cell + " lives and nobody holds it");
    }
    check(Math.abs(world.cpus - world.engine.stats().free().get("cpu")) < 1e-6,
        "cpus free: " + world.engine.stats().free());
    for (Submission s : world.submissions) {
      unseen(s);
    }
  }

  /** An error that nobody looked at is told once. */
  private void unseen(Submission s) {
    if (s.ref != null && Checks.error(s) instanceof MantaException e && !s.lookedAt) {
      boolean told = e.reason() != Reason.CANCELLED && e.reason() != Reason.DRAINING;
      int times = world.unseen.getOrDefault(e.getMessage(), 0);
      check(told == times > 0, "the unseen error of " + s + " was told " + times + " times: " + e);
    }
  }

  /** After the close. */
  void afterClose() {
    check(world.scheduler.live().stream().allMatch(world.scheduler::isTimers),
        "left behind after the close:" + world.scheduler.dump());
    for (int i = 0; i < world.handles.size(); i++) {
      check(world.cell(i).isDead(), "actor " + i + " lives after the close");
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new Violation(what);
    }
  }
}
