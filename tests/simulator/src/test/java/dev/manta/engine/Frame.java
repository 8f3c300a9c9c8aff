package dev.manta.engine;

import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.CancelScope;
import dev.manta.EndlessWaitException;
import dev.manta.GetTimeoutException;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One run of simulated user code, which does steps and says where it is. */
final class Frame {
  private final World world;
  private final Submission submission;
  private final SimActor self;
  private final String name;
  private final List<Submission> submitted = new ArrayList<>();
  private final Map<Integer, ActorRef<SimActor>> handles = new HashMap<>();
  private final Map<String, Submission.Order> orders = new HashMap<>();
  private boolean cancelSeen;

  Frame(World world, Submission submission, SimActor self, String name) {
    this.world = world;
    this.submission = submission;
    this.self = self;
    this.name = name;
  }

  /** The code of a client. */
  void client(List<Step> script) {
    for (Step step : script) {
      try {
        step(step);
      } catch (EndlessWaitException e) {
        world.violated(name + " is told that its wait is endless: " + e);
      } catch (MantaException | GetTimeoutException e) {
        world.log(name + ": " + e);
      } catch (IllegalStateException e) {
        if (!world.closing) {
          throw e;
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The code of a call or task. */
  Object run() throws Exception {
    Op op = submission.op;
    Submission.Run run =
        new Submission.Run(Manta.attempt(), world.scheduler.now(), submitted);
    Checks.started(world, submission, run);
    submission.runs.add(run);
    world.log(name + " starts, attempt " + run.attempt);
    if (self != null) {
      self.begun(submission);
    }
    enter();
    try {
      body(op);
      Object result = ending(op, run);
      return result;
    } catch (Throwable e) {
      run.thrown = e;
      if (self != null) {
        self.ended(submission);
      }
      throw e;
    } finally {
      run.ended = true;
      leave();
      world.log(name + " returns " + run.thrown);
    }
  }

  private void body(Op op) throws Exception {
    try {
      for (Step step : op.steps()) {
        step(step);
      }
    } catch (CancellationException e) {
      cancelSeen = true;
      Checks.cancelSeen(world, submission);
      for (Step step : op.cleanup()) {
        step(step);
      }
      throw e;
    }
  }

  private Object ending(Op op, Submission.Run run) {
    switch (op.ending()) {
      case THROW -> throw new AppError(submission.number);
      case THROW_AT_FIRST -> {
        if (run.attempt == 1) {
          throw new AppError(submission.number);
        }
      }
      case EXIT -> throw Manta.exit();
      case STAGE, FAILED_STAGE -> {
        return stage(op, run);
      }
      default -> {
      }
    }
    if (self != null) {
      self.ended(submission);
    }
    return submission.number;
  }

  private CompletionStage<Object> stage(Op op, Submission.Run run) {
    CompletableFuture<Object> future = new CompletableFuture<>();
    AppError error = op.ending() == Op.Ending.FAILED_STAGE ? new AppError(-2) : null;
    world.scheduler.schedule(
        0,
        World.MS,
        () -> {
          if (self != null) {
            self.ended(submission);
          }
          if (error == null) {
            future.complete(submission.number);
          } else {
            run.thrown = error;
            future.completeExceptionally(error);
          }
        });
    return future;
  }

  // ---- where the code is

  private void enter() {
    if (self != null) {
      self.enter(this);
    } else if (submission != null) {
      world.takeCpus(submission.op.cpus());
    }
    Hooks.checkpoint();
  }

  private void leave() {
    Hooks.checkpoint();
    if (self != null) {
      self.leave(this);
    } else if (submission != null) {
      world.takeCpus(-submission.op.cpus());
    }
  }

  /** Does something that may wait. */
  private <T> T suspended(Callable<T> code) throws Exception {
    long since = world.scheduler.now();
    leave();
    try {
      return code.call();
    } catch (CancellationException e) {
      if (self != null && !cancelSeen) {
        Checks.toldInTime(world, submission, self, since);
      }
      throw e;
    } finally {
      enter();
    }
  }

  /** An await point has been passed: nothing said that the code should end. */
  private void goesOn() {
    if (submission != null && !cancelSeen) {
      Checks.goesOn(world, submission);
    }
  }

  // ---- steps

  private void step(Step step) throws Exception {
    world.log(name + ": " + step);
    switch (step) {
      case Step.Submit s -> submit(s.op());
      case Step.Await s -> await(submitted.get(s.index()), s.timeoutMs());
      case Step.AwaitAll() -> awaitAll();
      case Step.AwaitSome s -> awaitSome(s);
      case Step.Sleep s -> sleep(s.ms() * World.MS);
      case Step.Compute s -> compute(s.ms() * World.MS);
      case Step.Yield() -> yieldTurn();
      case Step.Block s -> block(s.ms() * World.MS);
      case Step.Then s -> then(submitted.get(s.index()));
      case Step.Cancel s -> cancel(submitted.get(s.index()), s.children());
      case Step.CancelAny s -> {
        if (s.number() < world.submissions.size()) {
          cancel(world.submissions.get(s.number()), s.children());
        }
      }
      case Step.Kill s -> {
        if (s.restart()) {
          world.engine.killAndRestart(world.handles.get(s.actor()));
        } else {
          world.engine.kill(world.handles.get(s.actor()));
        }
      }
      case Step.Drop s -> Reclaim.drop(world, s.actor());
      case Step.Close s -> close(s);
    }
  }

  private void submit(Op op) throws Exception {
    Submission s = world.submission(op, submission, submission == null);
    submitted.add(s);
    try {
      if (op.isTask()) {
        submitTask(s);
      } else {
        submitCall(s);
      }
    } catch (MantaException | IllegalStateException e) {
      s.refused = e;
      throw e;
    }
    if (s.ref != null && world.scheduler.random().nextBoolean()) {
      Checks.watch(s);
    }
  }

  private ObjectRef<Object> dependency(Submission s, int i) {
    List<Integer> all = s.op.dependencies();
    Submission d = i < all.size() ? submitted.get(all.get(i)) : null;
    if (d != null && d.ref != null) {
      d.lookedAt = true;
      return d.ref;
    }
    return null;
  }

  private void submitTask(Submission s) {
    Op op = s.op;
    TaskOptions options = TaskOptions.named("task " + s.number).cpus(op.cpus());
    Duration deadline = World.ownDeadline(op, submission == null);
    if (deadline != null) {
      options = options.deadline(deadline);
    }
    if (op.retries() > 0) {
      options = options.retries(op.retries(), AppError.class);
    }
    int number = s.number;
    ObjectRef<Object> a = dependency(s, 0);
    ObjectRef<Object> b = dependency(s, 1);
    if (op.ending().isStage()) {
      s.ref = own(world.engine.submitAsync(options, () -> World.stage(number, null)));
    } else if (a == null) {
      s.ref = own(world.engine.submit(options, () -> World.perform(number, null)));
    } else {
      s.ref =
          own(
              world.engine.submit(
                  options,
                  () -> {
                    Checks.ready(a, b);
                    return World.perform(number, null);
                  }));
    }
  }

  private void submitCall(Submission s) throws Exception {
    Op op = s.op;
    CallOptions options = CallOptions.DEFAULT;
    Duration deadline = World.ownDeadline(op, submission == null);
    if (deadline != null) {
      options = options.deadline(deadline);
    }
    if (op.group() != null) {
      options = options.group(op.group());
    }
    if (op.retries() > 0) {
      options = options.retries(op.retries(), AppError.class);
    }
    ActorRef<SimActor> handle = handle(op.actor()).with(options);
    int number = s.number;
    ObjectRef<Object> a = dependency(s, 0);
    ObjectRef<Object> b = dependency(s, 1);
    if (op.mode() != Op.Mode.OFFER) {
      s.order =
          orders.computeIfAbsent(op.actor() + "/" + op.group(), k -> new Submission.Order());
      s.place = s.order.next();
    }
    if (op.ending().isStage()) {
      s.ref = own(handle.callAsync(x -> World.stage(number, x)));
    } else if (a != null) {
      s.ref =
          own(
              handle.call(
                  x -> {
                    Checks.ready(a, b);
                    return World.perform(number, x);
                  }));
    } else if (op.mode() == Op.Mode.WHEN_ROOM) {
      suspended(
          () -> {
            s.ref = own(handle.callWhenRoom(x -> World.perform(number, x)));
            return null;
          });
    } else if (op.mode() == Op.Mode.OFFER) {
      var _ =
          handle.<Object>offer(x -> World.perform(number, x))
              .whenComplete(
                  (ref, error) -> {
                    s.refused = error;
                    s.ref = ref == null ? null : own(ref);
                  });
    } else {
      s.ref = own(handle.call(x -> World.perform(number, x)));
    }
  }

  /** A handle of this code's own, with an order of its own. */
  private ActorRef<SimActor> handle(int actor) {
    return handles.computeIfAbsent(
        actor, i -> ((ActorHandle<SimActor>) world.handles.get(i)).copy());
  }

  private static Ref<Object> own(ObjectRef<Object> ref) {
    return ((StageRef<Object>) ref).origin();
  }

  private void await(Submission s, long timeoutMs) throws Exception {
    if (s.ref == null) {
      return;
    }
    s.lookedAt = true;
    long start = world.scheduler.now();
    try {
      Object value =
          suspended(
              () -> timeoutMs == 0 ? s.ref.get() : s.ref.get(Duration.ofMillis(timeoutMs)));
      if (!value.equals(s.number)) {
        world.violated(s + " gave " + value);
      }
      goesOn();
    } catch (GetTimeoutException e) {
      if (world.scheduler.now() < start + timeoutMs * World.MS) {
        world.violated("a time-out before its time");
      }
    } catch (MantaException e) {
      world.log(name + " was told " + e);
    } catch (EndlessWaitException e) {
      if (!world.program.mayStarve()) {
        world.violated("told that this wait would be endless: " + e);
      }
      throw e;
    }
  }

  private List<ObjectRef<Object>> refs() {
    List<ObjectRef<Object>> refs = new ArrayList<>();
    for (Submission s : submitted) {
      if (s.ref != null && !refs.contains(s.ref)) {
        s.lookedAt = true;
        refs.add(s.ref);
      }
    }
    return refs;
  }

  private void awaitAll() throws Exception {
    List<ObjectRef<Object>> refs = refs();
    try {
      suspended(() -> world.engine.getAll(refs));
    } catch (MantaException e) {
      world.log(name + " was told " + e);
    }
  }

  private void awaitSome(Step.AwaitSome s) throws Exception {
    List<ObjectRef<Object>> refs = refs();
    int count = Math.min(s.count(), refs.size());
    Duration timeout = Duration.ofMillis(s.timeoutMs());
    long start = world.scheduler.now();
    var ready = suspended(() -> world.engine.wait(refs, count, timeout));
    boolean early = world.scheduler.now() < start + timeout.toNanos();
    if (early && ready.ready().size() < count) {
      world.violated("a wait for " + count + " refs ended early with " + ready.ready().size());
    }
  }

  private void sleep(long ns) throws Exception {
    if (submission == null) {
      world.scheduler.sleep(ns);
    } else {
      suspended(
          () -> {
            Manta.sleep(Duration.ofNanos(ns));
            return null;
          });
      goesOn();
    }
  }

  private void compute(long ns) {
    world.scheduler.sleep(ns);
    if (self != null) {
      self.computedUntil = world.scheduler.now();
    }
  }

  private void yieldTurn() throws Exception {
    suspended(
        () -> {
          Manta.yield();
          return null;
        });
  }

  private void block(long ns) throws Exception {
    suspended(
        () -> Manta.blocking(
            () -> {
              world.scheduler.sleep(ns);
              return null;
            }));
    goesOn();
  }

  private void then(Submission s) {
    if (s.ref != null) {
      s.lookedAt = true;
      String dependent = this + ", then";
      var _ =
          s.ref.whenComplete(
              (value, error) -> {
                if (self != null && world.isAlive(self)) {
                  self.enter(dependent);
                  self.leave(dependent);
                }
              });
    }
  }

  private void cancel(Submission s, boolean children) {
    if (s.ref != null) {
      Checks.cancel(world, s, children ? CancelScope.WITH_CHILDREN : CancelScope.THIS_CALL);
    }
  }

  private void close(Step.Close s) {
    world.closing = true;
    world.engine.close(Duration.ofMillis(s.drainMs()));
    Checks.closed(world);
  }

  @Override
  public String toString() {
    return name;
  }
}
