package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;

/** What is checked while a program of many processes runs. */
final class JobChecks {
  private JobChecks() {}

  /** Code starts. */
  static void start(Cluster cluster, Job job, Job.Run run) {
    if (job.owner.alive && job.ref != null && job.ref.isDone()
        && job.error() instanceof NotExecutedException e) {
      cluster.violated(job + " runs and was told as not executed: " + e);
    }
    for (Job.Run r : job.runs) {
      if (r.attempt() == run.attempt()) {
        cluster.violated(job + " runs twice as attempt " + run.attempt());
      }
    }
    if (job.deadlineAt < Long.MAX_VALUE
        && Runner.currentWork().deadlineLeftNs() == Waits.FOREVER) {
      cluster.violated(job + " has come without its deadline");
    }
    if (run.attempt() > 1 + job.retries) {
      cluster.violated(job + " runs as attempt " + run.attempt());
    }
    boolean ordered =
        job.order != null
            && (job.dependency == null
                || cluster.plan.kinds().get(job.kind).kind() == ActorOptions.Kind.SERIAL);
    if (ordered && run.attempt() == 1 && !job.order.starts(run.life(), job.place)) {
      cluster.violated(job + " starts before an earlier call of the same handle");
    }
  }

  /** A captured ref is complete when the code starts, and has its value. */
  static void ready(ObjectRef<Object> ref, int job) {
    if (!ref.isDone()) {
      Cluster.current.violated("a call started before the ref that it captured was complete");
    }
    value(Cluster.current.jobs.get(job), ref.get());
  }

  static void value(Job of, Object value) {
    int number = value instanceof Luggage l ? l.number : (int) value;
    if (number != of.number) {
      Cluster.current.violated(of + " gave " + number);
    }
  }

  /** Deadlines are inherited, as time left where they come to another process. */
  static void deadlines(Cluster cluster, Job as) {
    Work<?> work = (Work<?>) as.ref;
    long own = as.deadlineAt;
    as.deadlineAt =
        work.deadlineLeftNs() == Waits.FOREVER ? Long.MAX_VALUE : work.extras().deadlineNs;
    Work<?> parent = Runner.currentWork();
    boolean inherits = parent != null && parent.deadlineLeftNs() != Waits.FOREVER;
    long still = as.owner.frozenNs - as.frozenBefore; // between the two looks at the clock
    if (as.deadlineAt - still > own || (inherits && as.deadlineAt > parent.extras().deadlineNs)) {
      cluster.violated(as + " has lost its deadline");
    }
  }

  /** Has it counted how often the completion of a ref is told. */
  static void watch(Job as) {
    boolean subscribed =
        as.ref.subscribe(
            new Waiter() {
              @Override
              void completed(Ref<?> ref) {
                as.told++;
              }
            });
    if (!subscribed) {
      as.told = 1;
    }
  }
}
