package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import dev.manta.Reason;
import dev.manta.TaskOptions;
import dev.manta.WhenFull;
import dev.manta.Where;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

  /** Tasks that wait for a process of their own. */
  private final Set<RemoteTask<?>> hiring = new HashSet<>();

  /** Tasks to be spread that wait for workers that start. */
  private final ArrayDeque<RemoteTask<?>> spreading = new ArrayDeque<>();

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
    Site site = Site.of(options);
    if (!isDriver()
        && needs.equals(USUAL)
        && site.mayBeHere()
        && !peers.isAlone()
        && engine.placement.mayHaveFreeCpu()) {
      return engine.tasks.submit(options, function, body);
    }
    return enterAndRoute(prepare(options, function, body, needs, site));
  }

  <T> ObjectStream<T> stream(Object function, Streams.Source source) {
    Objects.requireNonNull(function, "task");
    Inflow inflow = new Inflow(engine, source, Streams.TASK_BUFFER);
    RemoteTask<Object> task =
        prepare(TaskOptions.DEFAULT, function, Body.INTERNAL, USUAL, Site.ANY);
    task.stream = inflow;
    return Streams.begin(engine, inflow.channel, enterAndRoute(task));
  }

  private <T extends @Nullable Object> RemoteTask<T> prepare(
      TaskOptions options, Object function, Body body, Needs needs, Site site) {
    StackProbe.ensureRoomWhileCold();
    engine.ensureOpen();
    Parcel parcel = Capture.pack(engine, function);
    RemoteTask<T> task =
        new RemoteTask<>(this, function, parcel, body, needs, options.name(), site);
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
      return (long) queue.size() + spreading.size() + hiring.size();
    }
  }

  long calls() {
    return pending.calls();
  }

  // ---- to workers

  /** Whether a task takes what others must not have meanwhile: more than the one CPU of its worker. */
  boolean mustReserve(Needs needs, Site site) {
    return isDriver()
        && (!needs.equals(USUAL) || (site.isAlone() && peers.workforce.hires()));
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
    Workforce workforce = peers.workforce;
    boolean alone = task.site.isAlone() && workforce.hires();
    boolean spread = task.site.where() == Where.SPREAD;
    synchronized (this) {
      if (alone) {
        hiring.add(task);
        workforce.hire(task.site, new OwnProcess(task));
        return;
      }
      if (spread) {
        workforce.want(Integer.MAX_VALUE);
      }
      if (spread && workforce.starting() > 0) {
        spreading.add(task);
        if (spreading.size() == 1) {
          engine.host.schedule(Workforce.PATIENCE_NS, () -> spread(true));
        }
      } else {
        queue.add(task);
        handOut();
      }
    }
  }

  /** Hands out tasks to be spread if all workers run, or if they have waited long enough for that. */
  private synchronized void spread(boolean now) {
    if (now || peers.workforce.starting() == 0) {
      queue.addAll(spreading);
      spreading.clear();
    }
    handOut();
  }

  /** A task's process of its own. */
  private final class OwnProcess implements Workforce.Hire {
    private final RemoteTask<?> task;

    OwnProcess(RemoteTask<?> task) {
      this.task = task;
    }

    @Override
    public void begins(Peer worker) {
      synchronized (RemoteTasks.this) {
        hiring.remove(task);
        task.alone = worker;
        if (!task.sendTo(worker)) { // it is lost already
          task.alone = null;
          dispatch(task);
        } else if (task.phase() == Work.DROPPED || task.phase() == Work.ENDED) {
          leavesSeat(task);
        }
      }
    }

    @Override
    public void fails(String why, @Nullable Throwable cause) {
      synchronized (RemoteTasks.this) {
        hiring.remove(task);
      }
      task.notSent(Reason.WORKER_DIED, why, cause);
      task.leave();
    }
  }

  /** Under the monitor. */
  private void handOut() {
    while (!queue.isEmpty()) {
      RemoteTask<?> task = queue.element();
      Seat best = best(task.site.where());
      if (best == null) {
        if (peers.workforce.mayGrow()) {
          int each = seats.isEmpty() ? 1 : seats.getFirst().cpus;
          peers.workforce.want(seats.size() + Math.ceilDiv(queue.size(), each));
        }
        return;
      }
      queue.remove();
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

  /** The worker that is to have a task; null while none has room. */
  private @Nullable Seat best(Where where) {
    Seat best = null;
    for (Seat seat : seats) {
      if (seat.room() > 0
          && (best == null
              || switch (where) {
                case SPREAD -> seat.spread < best.spread;
                case PACKED -> seat.tasks > best.tasks;
                case ANYWHERE, ISOLATED -> seat.tasks < best.tasks;
              })) {
        best = seat;
      }
    }
    if (best != null && where == Where.SPREAD) {
      best.spread++;
    }
    return best;
  }

  /** Under the monitor. */
  private void leavesSeat(RemoteTask<?> task) {
    Seat seat = task.seat;
    if (seat != null) {
      task.seat = null;
      seat.ends(engine.host.nanoTime());
    }
    Peer own = task.alone;
    if (own != null) {
      task.alone = null;
      peers.workforce.dismiss(own);
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
      if (!queue.remove(task)) {
        spreading.remove(task);
      }
    }
  }

  void joined(Peer worker, int cpus) {
    synchronized (this) {
      Seat joined = new Seat(worker, cpus, engine.host.nanoTime());
      joined.spread = seats.stream().mapToLong(s -> s.spread).min().orElse(0);
      seats.add(joined);
      spread(false);
    }
  }

  /** Takes a worker out that had no task for a time; false if it had, or has no seat. */
  synchronized boolean leaves(Peer worker, long idleNs) {
    long now = engine.host.nanoTime();
    return seats.removeIf(s -> s.worker == worker && s.isIdle(idleNs, now));
  }

  void noWorkers(Throwable why) {
    List<RemoteTask<?>> all;
    synchronized (this) {
      if (!seats.isEmpty()) {
        spread(false);
        return;
      }
      queue.addAll(spreading);
      spreading.clear();
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
      all = new ArrayList<>(queue);
      all.addAll(spreading);
      all.addAll(hiring);
    }
    for (RemoteTask<?> task : all) {
      var _ = task.stop(Reason.DRAINING, true);
    }
  }

  void gone(Peer worker) {
    synchronized (this) {
      seats.removeIf(s -> s.worker == worker);
      handOut(); // which has more workers start, if they are needed
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
    Site site = Site.read(in);
    Received received = Received.read(from, id, in);
    if (isDriver()) {
      RemoteTask<Object> task =
          new RemoteTask<>(
              this, received.parcel(), received.parcel(), received.body(), needs,
              name.isEmpty() ? null : name, site);
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
