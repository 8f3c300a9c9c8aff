package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.CancelScope;
import dev.manta.GetTimeoutException;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.RemoteSupplier;
import dev.manta.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/** One run of user code in one of many processes. What it does next a seed decides. */
final class JobCode {
  private static final int MAX_DEPTH = 4;

  /** A ref that this code has. */
  private record Known(Job job, ObjectRef<Object> ref, boolean own) {}

  /** A handle that this code has. */
  private record Handle(int kind, ActorRef<Resident> actor, Job.Order order) {}

  private final Cluster cluster;
  private final SplittableRandom random;
  private final SimProcess process;
  private final Job job;
  private final Resident self;
  private final String name;
  private final int depth;
  private final List<Known> refs = new ArrayList<>();
  private final List<Handle> handles = new ArrayList<>();

  JobCode(Cluster cluster, SimProcess process, Job job, Resident self, String name) {
    this.cluster = cluster;
    this.random = cluster.random;
    this.process = process;
    this.job = job;
    this.self = self;
    this.name = name;
    int above = 0;
    for (Job j = job; j != null; j = j.parent) {
      above++;
    }
    this.depth = above;
    if (self != null) {
      for (Object h : self.stash) {
        handles.add((Handle) h);
      }
    }
    process.codes.add(this);
  }

  /** What keeps refs and handles from the collector. */
  List<Object> held() {
    List<Object> all = new ArrayList<>();
    refs.forEach(r -> all.add(r.ref));
    handles.forEach(h -> all.add(h.actor));
    return all;
  }

  /** Takes refs and handles out of a value. */
  @SuppressWarnings("unchecked")
  void take(Luggage luggage) {
    for (int i = 0; i < luggage.items.size(); i++) {
      int label = luggage.labels.get(i);
      if (luggage.items.get(i) instanceof ObjectRef<?> ref) {
        refs.add(new Known(cluster.jobs.get(label), (ObjectRef<Object>) ref, false));
      } else {
        var handle = (ActorRef<Resident>) luggage.items.get(i);
        handles.add(new Handle(label, handle, new Job.Order()));
      }
    }
  }

  // ---- whole runs

  /** The code of a client. */
  void client() {
    int n = 4 + random.nextInt(14);
    for (int i = 0; i < n; i++) {
      try {
        step();
      } catch (MantaException | GetTimeoutException e) {
        cluster.log(() -> name + ": " + e);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    process.codes.remove(this);
    cluster.log(() -> name + " has ended");
  }

  /** The code of a call or task. */
  Object run() throws Exception {
    Job.Run run =
        new Job.Run(
            Manta.attempt(), process, self == null ? null : self.life, new boolean[1],
            new boolean[1]);
    JobChecks.start(cluster, job, run);
    job.runs.add(run);
    cluster.log(() -> name + " starts, attempt " + run.attempt());
    enter();
    try {
      int n = random.nextInt(depth < MAX_DEPTH ? 5 : 2);
      for (int i = 0; i < n; i++) {
        step();
      }
      Object result = ending(run);
      run.returned()[0] = true;
      return result;
    } catch (Throwable e) {
      run.thrown()[0] = true;
      throw e;
    } finally {
      leave();
      process.codes.remove(this);
      cluster.log(() -> name + " has ended, attempt " + run.attempt());
    }
  }

  private Object ending(Job.Run run) {
    return switch (random.nextInt(10)) {
      case 0 -> throw new AppError(job.number);
      case 1 -> {
        if (run.attempt() == 1) {
          throw new AppError(job.number);
        }
        yield job.number;
      }
      case 2, 3 -> luggage(job.number);
      case 4 -> {
        if (self != null && cluster.plan.kills() && random.nextInt(3) == 0) {
          cluster.restarted.add(self.life.actor);
          throw Manta.exit();
        }
        yield job.number;
      }
      default -> job.number;
    };
  }

  private void enter() {
    if (self != null) {
      self.enter(this);
    }
    Hooks.checkpoint();
  }

  private void leave() {
    Hooks.checkpoint();
    if (self != null) {
      self.leave(this);
    }
  }

  private <T> T suspended(Callable<T> code) throws Exception {
    leave();
    try {
      return code.call();
    } finally {
      enter();
    }
  }

  // ---- steps

  private void step() throws Exception {
    switch (random.nextInt(22)) {
      case 0, 1 -> create();
      case 2, 3, 4, 5, 6, 7 -> call();
      case 8, 9, 10 -> task();
      case 11 -> put();
      case 12, 13, 14 -> await();
      case 15 -> sleep();
      case 16 -> cancel();
      case 17 -> kill();
      case 18, 19 -> forget();
      case 20 -> stash();
      default -> suspended(
          () -> {
            if (job != null) {
              Manta.yield();
            }
            return null;
          });
    }
  }

  private boolean mayDoMore() {
    return depth < MAX_DEPTH && cluster.opsLeft > 0;
  }

  private void create() throws Exception {
    int from = self == null ? 0 : self.kind + 1;
    if (!mayDoMore() || from >= cluster.plan.kinds().size()) {
      return;
    }
    cluster.opsLeft--;
    int kind = from + random.nextInt(cluster.plan.kinds().size() - from);
    ActorOptions options = cluster.plan.kinds().get(kind);
    RemoteSupplier<Resident> constructor = () -> Cluster.construct(kind);
    boolean get = options.name() != null && random.nextInt(4) > 0;
    cluster.log(() -> name + " creates an actor of kind " + kind);
    suspended(
        () -> {
          process.unseenByCollector++;
          try {
            ActorRef<Resident> actor =
                get
                    ? process.engine.getOrCreate(options, constructor)
                    : process.engine.actor(options, constructor);
            handles.add(new Handle(kind, actor, new Job.Order()));
          } catch (IllegalArgumentException e) {
            if (options.name() == null) {
              throw e;
            }
          } finally {
            process.unseenByCollector--;
          }
          return null;
        });
  }

  /** Refs and handles that go with a value. */
  private Luggage luggage(int number) {
    Luggage l = new Luggage(number, random.nextInt(4) == 0);
    for (Known r : refs) {
      if (random.nextInt(3) == 0) {
        l.add(r.ref, r.job.number);
      }
    }
    for (Handle h : handles) {
      if (random.nextInt(3) == 0) {
        l.add(h.actor, h.kind);
      }
    }
    return l;
  }

  private Job job(int kind) {
    cluster.opsLeft--;
    return cluster.job(kind, process, job);
  }

  private void call() throws Exception {
    Handle target = anyHandle();
    if (target == null || !mayDoMore()) {
      return;
    }
    Job call = job(target.kind);
    ActorOptions kind = cluster.plan.kinds().get(target.kind);
    call.retries = kind.retries();
    CallOptions options = CallOptions.DEFAULT;
    Duration deadline = deadline(call);
    if (deadline != null) {
      options = options.deadline(deadline);
    }
    if (cluster.plan.retries() && random.nextInt(2) == 0) {
      call.retries = 1 + random.nextInt(2);
      options = options.retries(call.retries, AppError.class);
    }
    ActorRef<Resident> handle = target.actor.with(options);
    call.actor = Cluster.id(handle);
    call.order = target.order;
    call.place = target.order.next();
    int number = call.number;
    Luggage luggage = random.nextInt(3) == 0 ? luggage(number) : null;
    Known dependency = dependency(call);
    submitted(
        call,
        () -> {
          if (dependency == null) {
            return luggage == null
                ? handle.call(x -> Cluster.perform(number, x, null))
                : handle.call(x -> Cluster.perform(number, x, luggage));
          }
          ObjectRef<Object> d = dependency.ref;
          int expected = dependency.job.number;
          return luggage == null
              ? handle.call(
                  x -> {
                    JobChecks.ready(d, expected);
                    return Cluster.perform(number, x, null);
                  })
              : handle.call(
                  x -> {
                    JobChecks.ready(d, expected);
                    return Cluster.perform(number, x, luggage);
                  });
        });
  }

  private void task() throws Exception {
    if (!mayDoMore()) {
      return;
    }
    Job task = job(Job.TASK);
    TaskOptions options = TaskOptions.named("task " + task.number);
    Duration deadline = deadline(task);
    if (deadline != null) {
      options = options.deadline(deadline);
    }
    if (cluster.plan.retries() && random.nextInt(2) == 0) {
      task.retries = 1 + random.nextInt(2);
      options = options.retries(task.retries, AppError.class);
    }
    if (random.nextInt(8) == 0) {
      options = options.cpus(0.5);
    }
    TaskOptions with = options;
    int number = task.number;
    Luggage luggage = random.nextInt(3) == 0 ? luggage(number) : null;
    Known dependency = dependency(task);
    submitted(
        task,
        () -> {
          if (dependency == null) {
            return luggage == null
                ? process.engine.submit(with, () -> Cluster.perform(number, null, null))
                : process.engine.submit(with, () -> Cluster.perform(number, null, luggage));
          }
          ObjectRef<Object> d = dependency.ref;
          int expected = dependency.job.number;
          return process.engine.submit(
              with,
              () -> {
                JobChecks.ready(d, expected);
                return Cluster.perform(number, null, luggage);
              });
        });
  }

  private Known dependency(Job of) {
    if (refs.isEmpty() || random.nextInt(4) > 0) {
      return null;
    }
    Known k = refs.get(random.nextInt(refs.size()));
    of.dependency = k.job;
    of.isSafe = k.own && k.job.isSafe;
    return k;
  }

  private void submitted(Job as, Callable<ObjectRef<Object>> submit) throws Exception {
    cluster.log(() -> name + " submits " + as);
    try {
      ObjectRef<Object> ref = submit.call();
      as.ref = ((StageRef<Object>) ref).origin();
      refs.add(new Known(as, ref, true));
      JobChecks.deadlines(cluster, as);
      JobChecks.watch(as);
    } catch (MantaException e) {
      as.refused = e;
      throw e;
    }
  }

  private void put() {
    if (mayDoMore()) {
      Job put = job(Job.PUT);
      ObjectRef<Object> ref = process.engine.put(luggage(put.number));
      put.ref = ((StageRef<Object>) ref).origin();
      put.told = 1;
      refs.add(new Known(put, ref, true));
    }
  }

  private Duration deadline(Job of) {
    long ms = cluster.plan.deadlines() && random.nextInt(3) == 0 ? 1 + random.nextInt(10) : 0;
    if (ms == 0 && of.parent == null) {
      ms = 3_600_000; // so that every program ends
    }
    if (ms == 0) {
      return null;
    }
    of.deadlineAt = Math.min(of.deadlineAt, cluster.scheduler.now() + ms * Cluster.MS);
    return Duration.ofMillis(ms);
  }

  private Handle anyHandle() {
    List<Handle> later = new ArrayList<>();
    for (Handle h : handles) {
      if (self == null || h.kind > self.kind) {
        later.add(h);
      }
    }
    return later.isEmpty() ? null : later.get(random.nextInt(later.size()));
  }

  private Known anyRef() {
    return refs.isEmpty() ? null : refs.get(random.nextInt(refs.size()));
  }

  private void await() throws Exception {
    Known k = anyRef();
    if (k == null) {
      return;
    }
    boolean forEver = k.own && k.job.isSafe && random.nextInt(2) == 0;
    Duration atMost = Duration.ofMillis(1 + random.nextInt(10));
    cluster.log(() -> name + " waits for " + k.job + (forEver ? "" : " for " + atMost));
    try {
      Object value = suspended(() -> forEver ? k.ref.get() : k.ref.get(atMost));
      JobChecks.value(k.job, value);
      if (value instanceof Luggage l && random.nextInt(2) == 0) {
        take(l);
      }
    } catch (GetTimeoutException e) {
      cluster.log(() -> name + " waited in vain");
    } catch (MantaException e) {
      cluster.log(() -> name + " was told " + e);
    }
  }

  private void sleep() throws Exception {
    long ms = random.nextInt(6);
    if (job == null) {
      cluster.scheduler.sleep(ms * Cluster.MS);
    } else {
      suspended(
          () -> {
            Manta.sleep(Duration.ofMillis(ms));
            return null;
          });
    }
  }

  private void cancel() {
    Known k = anyRef();
    if (k != null && cluster.plan.cancels()) {
      cluster.log(() -> name + " cancels " + k.job);
      k.ref.cancel(random.nextBoolean() ? CancelScope.WITH_CHILDREN : CancelScope.THIS_CALL);
    }
  }

  private void kill() {
    if (cluster.plan.kills() && !handles.isEmpty()) {
      Handle h = handles.get(random.nextInt(handles.size()));
      cluster.log(() -> name + " kills an actor of kind " + h.kind);
      if (random.nextBoolean()) {
        cluster.restarted.add(Cluster.id(h.actor));
        process.engine.killAndRestart(h.actor);
      } else {
        cluster.killed.put(Cluster.id(h.actor), process);
        process.engine.kill(h.actor);
      }
    }
  }

  /** Lets go of a ref or of a handle. */
  private void forget() {
    if (random.nextBoolean()) {
      if (!refs.isEmpty()) {
        refs.remove(random.nextInt(refs.size()));
      }
    } else if (!handles.isEmpty()) {
      handles.remove(random.nextInt(handles.size()));
    }
  }

  /** Keeps a handle in the actor. */
  private void stash() {
    if (self != null) {
      for (Handle h : handles) {
        if (h.kind > self.kind && self.stash.size() < 3) {
          self.stash.add(h);
          return;
        }
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
