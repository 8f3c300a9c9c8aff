package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import dev.manta.Reason;
import dev.manta.TaskOptions;
import dev.manta.WhenFull;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tasks over many processes. The driver hands them to workers; a worker runs those that its own code
 * submits while it has a free CPU, and gives the others to the driver. Its monitor is taken under none
 * and before those of a peer's queue.
 */
final class RemoteTasks {
  private static final Needs USUAL = new Needs(Needs.units(1), Map.of(), true);

  final Engine engine;
  private final Peers peers;
  private final Pending pending;
  private final ArrayDeque<RemoteTask<?>> queue = new ArrayDeque<>();
  private final List<Seat> seats = new ArrayList<>();
  private final Object told = new Object();

  RemoteTasks(Peers peers, int maxPending) {
    this.peers = peers;
    this.engine = peers.engine;
    this.pending = new Pending(maxPending, Long.MAX_VALUE);
  }

  boolean isDriver() {
    return peers.isDriver();
  }

  // ---- submitted here

  <T extends @Nullable Object> ObjectRef<T> submit(
      TaskOptions options, Object function, Body body) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(function, "task");
    Needs needs =
        engine.placement.needs(options.cpus(), options.resources(), true);
    if (!isDriver() && needs.equals(USUAL) && engine.placement.mayHaveFreeCpu()) {
      return engine.tasks.submit(options, function, body);
    }
    return enterAndRoute(prepare(options, function, body, needs));
  }

  <T> ObjectStream<T> stream(Object function, Streams.Source source) {
    Objects.requireNonNull(function, "task");
    Inflow inflow = new Inflow(engine, source, Streams.TASK_BUFFER);
    RemoteTask<Object> task = prepare(TaskOptions.DEFAULT, function, Body.INTERNAL, USUAL);
    task.stream = inflow;
    return Streams.begin(engine, inflow.channel, enterAndRoute(task));
  }

  private <T extends @Nullable Object> RemoteTask<T> prepare(
      TaskOptions options, Object function, Body body, Needs needs) {
    StackProbe.ensureRoomWhileCold();
    engine.ensureOpen();
    Parcel parcel = Capture.pack(engine, function);
    RemoteTask<T> task = new RemoteTask<>(this, function, parcel, body, needs, options.name());
    if (options.retries() > 0) {
      task.extras()
          .mayRetry(
              new ActorOptions.Retries(options.retries(), options.retryOn()), null);
    }
    task.inherit(Runner.currentWork(), options.deadline());
    return task;
  }

  private <T extends @Nullable Object> RemoteTask<T> enterAndRoute(RemoteTask<T> task) {
    if (!pending.tryEnter(0)) {
      Throwable refusal = new TaskEntrance().enter(task, 0, Entrance.policy(WhenFull.WAIT));
      if (refusal != null) {
        task.fail(refusal);
        return task;
      }
    }
    Work<?> parent = Runner.currentWork();
    if (parent != null && !parent.addChild(task)) {
      var _ = task.stop(Reason.CANCELLED, true);
    }
    task.tell(Events.Kind.QUEUED);
    task.startDeadline();
    List<Ref<?>> dependencies = task.dependencies();
    if (dependencies.isEmpty()) {
      task.enqueue();
    } else {
      Gate.hold(task, dependencies, task::enqueue);
    }
    return task;
  }

  /** The entrance to the tasks. */
  private final class TaskEntrance extends Entrance {
    TaskEntrance() {
      super(engine, pending, "this Manta");
    }

    @Override
    @Nullable Throwable closed() {
      return engine.isClosed() ? new IllegalStateException("this Manta is closed") : null;
    }
  }

  long queued() {
    synchronized (this) {
      return queue.size();
    }
  }

  long calls() {
    return pending.calls();
  }

  // ---- to workers

  /** Whether a task takes what others must not have meanwhile: more than the one CPU of its worker. */
  boolean mustReserve(Needs needs) {
    return isDriver() && !needs.equals(USUAL);
  }

  /** What a task takes at its worker: nothing where the driver has reserved it. */
  static Needs atWorker(Needs needs, boolean reserved) {
    return reserved ? new Needs(0, Map.of(), true) : needs;
  }

  void dispatch(RemoteTask<?> task) {
    if (!isDriver()) {
      if (!task.sendTo(peers.driver())) {
        task.notSent(Reason.OWNER_DIED, "the driver is gone", null);
        task.leave();
      }
      return;
    }
    synchronized (this) {
      queue.add(task);
      handOut();
    }
  }

  /** Under the monitor. */
  private void handOut() {
    while (!queue.isEmpty()) {
      Seat best = null;
      for (Seat seat : seats) {
        if (seat.room() > 0 && (best == null || seat.tasks < best.tasks)) {
          best = seat;
        }
      }
      if (best == null) {
        return;
      }
      RemoteTask<?> task = queue.remove();
      best.begins(engine.host.nanoTime());
      task.seat = best;
      if (!task.sendTo(best.worker)) {
        task.seat = null;
        best.tasks--;
        queue.addFirst(task);
        seats.remove(best);
      } else if (task.phase() == Work.DROPPED || task.phase() == Work.ENDED) {
        leavesSeat(task);
      }
    }
  }

  /** Under the monitor. */
  private void leavesSeat(RemoteTask<?> task) {
    Seat seat = task.seat;
    if (seat != null) {
      task.seat = null;
      seat.ends(engine.host.nanoTime());
    }
  }

  /** A task goes from its worker, to be run again. */
  void leaves(RemoteTask<?> task) {
    synchronized (this) {
      leavesSeat(task);
    }
  }

  /** A task has ended, or will not run. */
  void ended(RemoteTask<?> task) {
    pending.leave(0);
    if (isDriver()) {
      synchronized (this) {
        leavesSeat(task);
        handOut();
      }
    }
  }

  void withdrawn(RemoteTask<?> task) {
    synchronized (this) {
      queue.remove(task);
    }
  }

  void joined(Peer worker, int cpus) {
    synchronized (this) {
      seats.add(new Seat(worker, cpus));
      handOut();
    }
  }

  void noWorkers(Throwable why) {
    List<RemoteTask<?>> all;
    synchronized (this) {
      if (!seats.isEmpty()) {
        return;
      }
      all = List.copyOf(queue);
      queue.clear();
    }
    for (RemoteTask<?> task : all) {
      task.notSent(Reason.WORKER_DIED, "no worker process could be started", why);
      task.leave();
    }
  }

  /** The Manta is closed: tells what has not been sent. */
  void close() {
    List<RemoteTask<?>> all;
    synchronized (this) {
      all = List.copyOf(queue);
    }
    for (RemoteTask<?> task : all) {
      var _ = task.stop(Reason.DRAINING, true);
    }
  }

  void gone(Peer worker) {
    synchronized (this) {
      seats.removeIf(s -> s.worker == worker);
    }
  }

  /** Of a worker: tells the driver how many of its tasks wait now, so that others come meanwhile. */
  void tellWaiting() {
    if (!isDriver()) {
      synchronized (told) { // so that the last that is sent is the last that is true
        WireWriter out = new WireWriter(Frames.WAITING);
        out.writeUnsigned(engine.tasks.waiting());
        peers.driver().send(out);
      }
    }
  }

  /** Of its tasks so many wait. */
  void waiting(Peer worker, int tasks) {
    synchronized (this) {
      for (Seat seat : seats) {
        if (seat.worker == worker) {
          seat.waiting = tasks;
        }
      }
      handOut();
    }
  }

  // ---- from other processes

  static void write(WireWriter out, Needs needs) {
    out.writeUnsigned(needs.cpu()).writeUnsigned(needs.custom().size());
    needs.custom().forEach((name, units) -> out.writeText(name).writeUnsigned(units));
  }

  private static Needs readNeeds(WireReader in) {
    long cpu = in.readUnsigned();
    Map<String, Long> custom = new TreeMap<>();
    int n = in.readCount();
    for (int i = 0; i < n; i++) {
      custom.put(in.readText(), in.readUnsigned());
    }
    return new Needs(cpu, Map.copyOf(custom), true);
  }

  /** A task has come. */
  void received(Peer from, WireReader in) {
    long id = in.readUnsigned();
    String name = in.readText();
    Needs needs = readNeeds(in);
    Received received = Received.read(from, id, in);
    if (isDriver()) {
      RemoteTask<Object> task =
          new RemoteTask<>(
              this, received.parcel(), received.parcel(), received.body(), needs,
              name.isEmpty() ? null : name);
      Inflow inflow = null;
      if (received.source() != null) {
        inflow = new Inflow(engine, received.source(), received.demand());
        task.stream = inflow;
        Channel channel = inflow.channel;
        task.subscribe(new Waiter() {
          @Override
          void completed(Ref<?> ref) {
            channel.end(null);
          }
        });
      }
      received.applyTo(task);
      received.report(task, inflow == null ? null : inflow.channel);
      pending.enter(0);
      task.startDeadline();
      task.enqueue();
      return;
    }
    Channel channel =
        received.source() == null ? null : new Channel(engine, Streams.TASK_BUFFER, null);
    Task<Object> task =
        new Task<>(
            engine, received.function(engine, channel), received.body(),
            needs, name.isEmpty() ? null : name);
    received.applyTo(task);
    received.report(task, channel);
    engine.tasks.entered();
    task.startDeadline();
    task.enqueue();
  }
}
