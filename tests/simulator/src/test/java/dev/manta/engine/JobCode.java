package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CancelScope;
import dev.manta.GetTimeoutException;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import dev.manta.RemoteSupplier;
import dev.manta.simulator.Style;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/** One run of user code in one of many processes. What it does next a seed decides. */
final class JobCode {
  private static final int MAX_DEPTH = 4;

  /** What code does, by the first letters of it; as often as they are there. */
  private static final Map<Style, String> STEPS =
      Map.of(
          Style.MIXED, "nnccccccttt" + "paaasxkffhbe" + "y",
          Style.CROWD, "nnccccccttpaaxx",
          Style.HANDLES, "nnnccccccttaffhb",
          Style.LIVES, "nnccccctaakkksf",
          Style.STREAMS, "nncctteeeeeeasx");

  /** A ref that this code has. */
  record Known(Job job, ObjectRef<Object> ref, boolean own) {}

  /** A handle that this code has. */
  record Handle(int kind, ActorRef<Resident> actor, Job.Order order) {}

  final Cluster cluster;
  final SplittableRandom random;
  final SimProcess process;
  final Job job;
  final Resident self;
  final String name;
  private final int depth;
  private final JobCalls calls;

  /** The stream that it reads. */
  ObjectStream<Luggage> stream;

  final List<Known> refs = new ArrayList<>();
  final List<Handle> handles = new ArrayList<>();

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
    this.calls = new JobCalls(this);
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
    if (stream != null) {
      all.add(stream);
    }
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
    return run(null);
  }

  /** As {@link #run()}, where it produces a stream in place of steps. */
  Object run(Callable<Object> production) throws Exception {
    Job.Run run =
        new Job.Run(
            Manta.attempt(), process, self == null ? null : self.life, new boolean[1],
            new boolean[1]);
    JobChecks.start(cluster, job, run);
    job.runs.add(run);
    cluster.log(() -> name + " starts, attempt " + run.attempt());
    enter();
    try {
      int n = production != null ? 0 : random.nextInt(depth < MAX_DEPTH ? 5 : 2);
      for (int i = 0; i < n; i++) {
        step();
      }
      Object result = production != null ? production.call() : ending(run);
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
      case 2, 3 -> calls.luggage(job.number);
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

  <T> T suspended(Callable<T> code) throws Exception {
    leave();
    try {
      return code.call();
    } finally {
      enter();
    }
  }

  // ---- steps

  private void step() throws Exception {
    String steps = STEPS.get(cluster.plan.style());
    switch (steps.charAt(random.nextInt(steps.length()))) {
      case 'n' -> create();
      case 'c' -> calls.call();
      case 't' -> calls.task();
      case 'p' -> calls.put();
      case 'a' -> await();
      case 's' -> sleep();
      case 'x' -> cancel();
      case 'k' -> kill();
      case 'f' -> forget();
      case 'h' -> stash();
      case 'b' -> beginThread();
      case 'e' -> new JobStream(this, calls).read();
      default -> suspended(
          () -> {
            if (job != null) {
              Manta.yield();
            }
            return null;
          });
    }
  }

  boolean mayDoMore() {
    return depth < MAX_DEPTH && cluster.opsLeft > 0 && (job == null || !job.isLeaf);
  }

  /** Whether an actor of a kind, or of a later one, may wait for this code. */
  boolean isCalledBy(int kind) {
    for (Job j = job; j != null; j = j.parent) {
      if (j.kind >= kind) {
        return true;
      }
    }
    return false;
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

  Handle anyHandle() {
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

  /** Has a thread of its process's own, outside all calls, go on with what it holds. */
  private void beginThread() {
    if (!mayDoMore() || depth == 0) {
      return;
    }
    cluster.opsLeft--;
    JobCode thread = new JobCode(cluster, process, null, null, "thread of " + name);
    handles.forEach(
        h -> thread.handles.add(new Handle(h.kind, Cluster.copy(h.actor), new Job.Order())));
    cluster.log(() -> name + " begins a thread");
    var _ = cluster.scheduler.spawn(process.number, thread.name, thread::client);
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
