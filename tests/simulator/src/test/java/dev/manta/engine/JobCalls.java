package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.RemoteFunction;
import dev.manta.TaskOptions;
import dev.manta.WhenFull;
import dev.manta.simulator.Style;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/** What code of one of many processes submits. */
final class JobCalls {
  private final JobCode code;
  private final Cluster cluster;

  JobCalls(JobCode code) {
    this.code = code;
    this.cluster = code.cluster;
  }

  private int random(int bound) {
    return code.random.nextInt(bound);
  }

  /** Refs and handles that go with a value. */
  Luggage luggage(int number) {
    return luggage(number, random(4) == 0 ? Luggage.LARGE : 0);
  }

  private Luggage luggage(int number, int padding) {
    Luggage l = new Luggage(number, padding);
    for (JobCode.Known r : code.refs) {
      if (l.items.size() < Luggage.MOST && random(3) == 0) {
        l.add(r.ref(), r.job().number);
      }
    }
    for (JobCode.Handle h : code.handles) {
      if (l.items.size() < Luggage.MOST && random(3) == 0) {
        l.add(h.actor(), h.kind());
      }
    }
    return l;
  }

  Job job(int kind) {
    cluster.opsLeft--;
    return cluster.job(kind, code.process, code.job);
  }

  // ---- calls

  /** How a call takes it that there is no room for it. */
  private enum Mode {
    AS_THE_ACTOR_SAYS,
    REFUSE,
    WAIT,
    WHEN_ROOM,
    OFFER
  }

  void call() throws Exception {
    JobCode.Handle target = code.anyHandle();
    if (target == null || !code.mayDoMore()) {
      return;
    }
    int many = cluster.plan.crowd() ? 1 + random(6) : 1;
    for (int i = 0; i < many && code.mayDoMore(); i++) {
      call(target);
    }
  }

  private void call(JobCode.Handle target) throws Exception {
    ActorOptions kind = cluster.plan.kinds().get(target.kind());
    boolean limited = Plan.isLimited(kind);
    Job call = job(target.kind());
    Mode mode = limited ? mode(target.kind()) : Mode.AS_THE_ACTOR_SAYS;
    ActorRef<Resident> handle = target.actor().with(options(call, kind, mode));
    call.actor = Cluster.id(handle);
    if (mode != Mode.OFFER) {
      call.order = target.order();
      call.place = target.order().next();
    }
    int number = call.number;
    Luggage luggage =
        kind.maxPendingBytes() < Plan.MANY_BYTES
            ? luggage(number, random(Plan.MOST_PADDING))
            : random(cluster.plan.style() == Style.HANDLES ? 1 : 3) == 0 ? luggage(number)
            : null;
    JobCode.Known dependency = limited ? leaf() : dependency(call);
    call.dependency = dependency == null ? null : dependency.job();
    submitted(call, () -> submit(handle, mode, function(number, luggage, dependency), call));
  }

  /** A task that a call waits for which has taken room: so it waits for no room itself. */
  private JobCode.Known leaf() throws Exception {
    if (random(4) > 0 || !code.mayDoMore()) {
      return null;
    }
    Job task = job(Job.TASK);
    task.isLeaf = true;
    Duration deadline = deadline(task);
    TaskOptions options = TaskOptions.named("leaf " + task.number);
    TaskOptions with = deadline == null ? options : options.deadline(deadline);
    int number = task.number;
    submitted(
        task,
        () -> code.process.engine.submit(with, () -> Cluster.perform(number, null, null)));
    return code.refs.getLast();
  }

  /** Inside calls only who calls on, never back, waits for room: so no wait is endless. */
  private Mode mode(int kind) {
    if (code.isCalledBy(kind)) {
      return random(2) == 0 ? Mode.REFUSE : Mode.AS_THE_ACTOR_SAYS;
    }
    Mode[] all = Mode.values();
    return all[random(all.length)];
  }

  private CallOptions options(Job call, ActorOptions kind, Mode mode) {
    call.retries = kind.retries();
    CallOptions options = CallOptions.DEFAULT;
    Duration deadline = deadline(call);
    if (deadline != null) {
      options = options.deadline(deadline);
    }
    if (cluster.plan.retries() && random(2) == 0) {
      call.retries = 1 + random(2);
      options = options.retries(call.retries, AppError.class);
    }
    return switch (mode) {
      case REFUSE -> options.whenFull(WhenFull.REFUSE);
      case WAIT -> options.whenFull(WhenFull.WAIT);
      default -> options;
    };
  }

  private static RemoteFunction<Resident, Object> function(
      int number, Luggage luggage, JobCode.Known dependency) {
    if (dependency == null) {
      return luggage == null
          ? x -> Cluster.perform(number, x, null)
          : x -> Cluster.perform(number, x, luggage);
    }
    ObjectRef<Object> d = dependency.ref();
    int expected = dependency.job().number;
    return luggage == null
        ? x -> {
          JobChecks.ready(d, expected);
          return Cluster.perform(number, x, null);
        }
        : x -> {
          JobChecks.ready(d, expected);
          return Cluster.perform(number, x, luggage);
        };
  }

  /** The call's ref; null where that comes later. */
  private ObjectRef<Object> submit(
      ActorRef<Resident> handle, Mode mode, RemoteFunction<Resident, Object> function, Job call)
      throws Exception {
    return switch (mode) {
      case WHEN_ROOM -> code.suspended(() -> handle.callWhenRoom(function));
      case OFFER -> {
        CompletionStage<ObjectRef<Object>> offered = handle.offer(function);
        cluster.offers++;
        var _ =
            offered.whenComplete(
                (ref, error) -> {
                  cluster.offers--;
                  if (ref == null) {
                    call.refused = error;
                  } else {
                    call.ref = ((StageRef<Object>) ref).origin();
                    JobChecks.watch(call);
                  }
                });
        yield null;
      }
      default -> handle.call(function);
    };
  }

  // ---- tasks and values

  void task() throws Exception {
    if (!code.mayDoMore()) {
      return;
    }
    Job task = job(Job.TASK);
    TaskOptions options = TaskOptions.named("task " + task.number);
    Duration deadline = deadline(task);
    if (deadline != null) {
      options = options.deadline(deadline);
    }
    if (cluster.plan.retries() && random(2) == 0) {
      task.retries = 1 + random(2);
      options = options.retries(task.retries, AppError.class);
    }
    if (random(8) == 0) {
      options = options.cpus(0.5);
    }
    TaskOptions with = options;
    int number = task.number;
    Luggage luggage = random(3) == 0 ? luggage(number) : null;
    JobCode.Known dependency = dependency(task);
    Engine engine = code.process.engine;
    submitted(
        task,
        () -> {
          if (dependency == null) {
            return luggage == null
                ? engine.submit(with, () -> Cluster.perform(number, null, null))
                : engine.submit(with, () -> Cluster.perform(number, null, luggage));
          }
          ObjectRef<Object> d = dependency.ref();
          int expected = dependency.job().number;
          return engine.submit(
              with,
              () -> {
                JobChecks.ready(d, expected);
                return Cluster.perform(number, null, luggage);
              });
        });
  }

  private JobCode.Known dependency(Job of) {
    if (code.refs.isEmpty() || random(4) > 0) {
      return null;
    }
    JobCode.Known k = code.refs.get(random(code.refs.size()));
    of.dependency = k.job();
    of.isSafe = k.own() && k.job().isSafe;
    return k;
  }

  private void submitted(Job as, Callable<ObjectRef<Object>> submit) throws Exception {
    cluster.log(() -> code.name + " submits " + as);
    try {
      ObjectRef<Object> ref = submit.call();
      if (ref != null) {
        as.ref = ((StageRef<Object>) ref).origin();
        code.refs.add(new JobCode.Known(as, ref, true));
        JobChecks.deadlines(cluster, as);
        JobChecks.watch(as);
      }
    } catch (MantaException e) {
      as.refused = e;
      throw e;
    }
  }

  void put() {
    if (code.mayDoMore()) {
      Job put = job(Job.PUT);
      ObjectRef<Object> ref = code.process.engine.put(luggage(put.number));
      put.ref = ((StageRef<Object>) ref).origin();
      put.told = 1;
      code.refs.add(new JobCode.Known(put, ref, true));
    }
  }

  Duration deadline(Job of) {
    long ms = cluster.plan.deadlines() && random(3) == 0 ? 1 + random(10) : 0;
    if (ms == 0 && of.parent == null) {
      ms = 3_600_000; // so that every program ends
    }
    if (ms == 0) {
      return null;
    }
    of.deadlineAt = Math.min(of.deadlineAt, cluster.scheduler.now() + ms * Cluster.MS);
    return Duration.ofMillis(ms);
  }
}
