package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/** A task that another process runs. */
final class RemoteTask<T extends @Nullable Object> extends RemoteWork<T>
    implements
    Placement.Request {
  private final RemoteTasks tasks;
  private final Needs needs;
  private final @Nullable String name;
  final Site site;
  private boolean left;

  /** The worker that has it; guarded by the tasks. */
  @Nullable Seat seat;

  /** The process of its own that has it; guarded by the tasks. */
  @Nullable Peer alone;

  /** It holds resources that no other task may have. Changes under the monitor. */
  private boolean holdsResources;

  RemoteTask(
      RemoteTasks tasks, Object function, Parcel parcel, Body body, Needs needs,
      @Nullable String name, Site site) {
    super(tasks.engine, function, parcel, body);
    this.tasks = tasks;
    this.needs = needs;
    this.name = name;
    this.site = site;
  }

  @Override
  WireWriter head(Peer to, long id) {
    WireWriter out = new WireWriter(Frames.TASK);
    out.writeUnsigned(id).writeText(name == null ? "" : name);
    RemoteTasks.write(out, tasks.isDriver() ? RemoteTasks.atWorker(needs, holdsResources) : needs);
    (tasks.isDriver() ? Site.ANY : site).write(out);
    return out;
  }

  /** Has it run when it may: its dependencies are ready. */
  void enqueue() {
    if (step(WAITING, QUEUED)) {
      sendAgain();
    }
  }

  @Override
  void sendAgain() {
    if (holdsResources || !tasks.mustReserve(needs, site)) {
      tasks.dispatch(this);
    } else {
      engine.placement.request(this);
    }
  }

  @Override
  void sendAgainFirst() {
    sendAgain();
  }

  @Override
  public Needs needs() {
    return needs;
  }

  @Override
  public void granted() {
    boolean isWanted;
    synchronized (this) {
      isWanted = !left;
      holdsResources = isWanted;
    }
    if (isWanted) {
      tasks.dispatch(this);
    } else { // it was dropped meanwhile
      engine.placement.release(needs);
    }
  }

  @Override
  public boolean isWithdrawn() {
    return phase() == DROPPED;
  }

  @Override
  boolean isRunAgainForItsResult() {
    return true;
  }

  @Override
  void leavesPlace() {
    tasks.leaves(this);
  }

  @Override
  void leave() {
    boolean releases;
    synchronized (this) {
      if (left) {
        return;
      }
      left = true;
      releases = holdsResources;
    }
    tasks.ended(this);
    if (releases) {
      engine.placement.release(needs);
    }
  }

  @Override
  void droppedWhileQueued() {
    super.droppedWhileQueued();
    tasks.withdrawn(this);
  }

  @Override
  boolean runInTurn(Incarnation actor, TurnRunner runner) {
    throw new AssertionError("a task is in no mailbox");
  }

  @Override
  public String toString() {
    return "the task " + (name == null ? methodName() : name);
  }
}
