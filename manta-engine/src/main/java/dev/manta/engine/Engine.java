package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.ActorStats;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.MantaStats;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import dev.manta.Ready;
import dev.manta.Reason;
import dev.manta.RemoteRunnable;
import dev.manta.RemoteSupplier;
import dev.manta.TaskOptions;
import dev.manta.TaskProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Manta, given a host to run on and a codec. */
public final class Engine implements Manta {
  static final long LONG_PARK_NS = 10_000_000_000L;
  private static final long POLL_NS = 1_000_000;

  /** The time within which refs complete whose work has been told to stop. */
  private static final long STOP_NS = 10_000_000_000L;

  final Host host;
  final Copies copies;
  final Context context;
  final Actors actors;
  final Placement placement;
  final Tasks tasks;
  final Watchdog watchdog;
  final Events events;
  final long cancelGraceNs;
  final Losses losses = new Losses();
  final OutsideSpins outside = new OutsideSpins();
  private final Executor callbacks;
  private final int maxPendingTasks;

  /** Null in a Manta of one process. */
  private @Nullable Peers peers;

  private ClassLoader loader = Engine.class.getClassLoader();
  private @Nullable Runnable whenClosed;
  private boolean closeBegun;
  private volatile boolean closing;
  private volatile boolean closed;

  /** An engine that offers what {@code options} say. */
  public Engine(Host host, Codec codec, LocalOptions options) {
    this.host = host;
    this.events = host.events();
    this.copies = new Copies(this, codec);
    this.context = new Context(options.propagators());
    this.actors = new Actors(this);
    this.placement = new Placement(options.cpus(), options.resources(), options.maxTaskThreads());
    this.tasks =
        new Tasks(this, options.maxPendingTasks(), options.maxTaskThreads(),
            (int) Math.max(1, Math.ceil(options.cpus())));
    this.watchdog =
        new Watchdog(
            host,
            Waits.nanos(options.stallThreshold()),
            Waits.nanos(options.monitorDeadlockTimeout()));
    this.cancelGraceNs = Waits.nanos(options.cancelGrace());
    this.callbacks = new Callbacks(host);
    this.maxPendingTasks = options.maxPendingTasks();
  }

  /**
   * Makes this the engine of one of many processes. Before it is used.
   *
   * @param self the number of this process
   * @param loader where the classes of functions from other processes are found
   */
  public Peers distribute(int self, ClassLoader loader) {
    this.loader = loader;
    Peers p = new Peers(this, self, maxPendingTasks);
    peers = p;
    return p;
  }

  @Nullable Peers peers() {
    return peers;
  }

  /** Where the classes of functions from other processes are found. */
  ClassLoader loader() {
    return loader;
  }

  /* A class and not a lambda, since this is on the path of a program's start. */
  private record Callbacks(Host host) implements Executor {
    @Override
    public void execute(Runnable code) {
      var _ = host.startVirtual("manta-callback", code);
    }
  }

  /** Runs code on virtual threads, one each. */
  Executor callbacks() {
    return callbacks;
  }

  boolean isClosed() {
    return closed;
  }

  void ensureOpen() {
    if (closing && (closed || Runner.current() == null)) {
      throw new IllegalStateException("this Manta is closed: it takes no more calls and tasks");
    }
  }

  // ---- tasks

  @Override
  public <T extends @Nullable Object> ObjectRef<T> submit(
      TaskOptions options, RemoteSupplier<? extends T> task) {
    return submitTask(options, task, Body.TASK);
  }

  @Override
  public ObjectRef<@Nullable Void> run(TaskOptions options, RemoteRunnable task) {
    return submitTask(options, task, Body.TASK_RUN);
  }

  @Override
  public <T extends @Nullable Object> ObjectRef<T> submitAsync(
      TaskOptions options, RemoteSupplier<? extends CompletionStage<? extends T>> task) {
    return submitTask(options, task, Body.TASK_ASYNC);
  }

  private <T extends @Nullable Object> ObjectRef<T> submitTask(
      TaskOptions options, Object task, Body body) {
    Peers p = peers;
    return p == null ? tasks.submit(options, task, body) : p.tasks.submit(options, task, body);
  }

  @Override
  public <T> ObjectStream<T> stream(RemoteSupplier<? extends Stream<? extends T>> task) {
    return Streams.ofTask(this, task, Streams.Source.STREAM);
  }

  @Override
  public <T> ObjectStream<T> stream(TaskProducer<T> task) {
    return Streams.ofTask(this, task, Streams.Source.PRODUCER);
  }

  @Override
  public <T> ObjectStream<T> streamIterator(RemoteSupplier<? extends Iterator<? extends T>> task) {
    return Streams.ofTask(this, task, Streams.Source.ITERATOR);
  }

  @Override
  public <T> ObjectStream<T> streamPublisher(
      RemoteSupplier<? extends Flow.Publisher<? extends T>> task) {
    return Streams.ofTask(this, task, Streams.Source.PUBLISHER);
  }

  // ---- actors

  @Override
  public <A> ActorRef<A> actor(ActorOptions options, RemoteSupplier<? extends A> constructor) {
    Peers p = peers;
    return p == null
        ? actors.create(options, constructor)
        : p.actors.create(options, constructor);
  }

  @Override
  public <A> ActorRef<A> getOrCreate(
      ActorOptions options, RemoteSupplier<? extends A> constructor) {
    Peers p = peers;
    return p == null
        ? actors.getOrCreate(options, constructor)
        : p.actors.getOrCreate(options, constructor);
  }

  @Override
  public <A> Optional<ActorRef<A>> find(String name, Class<A> type) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    ensureOpen();
    Peers p = peers;
    if (p != null) {
      ActorRef<A> found = p.actors.find(name);
      String other = found == null ? null : otherClass(found, type);
      if (other != null) {
        throw new IllegalArgumentException(
            "the actor \"" + name + "\" is a " + other + ", not a " + type.getName());
      }
      return Optional.ofNullable(found);
    }
    ActorHandle<A> handle = actors.byName(name);
    if (handle == null) {
      return Optional.empty();
    }
    Object instance = handle.cell.current().instance;
    if (instance != null && !type.isInstance(instance)) {
      throw new IllegalArgumentException(
          "the actor \"" + name + "\" is a " + instance.getClass().getName() + ", not a "
              + type.getName());
    }
    return Optional.of(handle);
  }

  /** The class of an actor that is not of a class, as far as this process knows; else null. */
  private @Nullable String otherClass(ActorRef<?> actor, Class<?> type) {
    String name =
        actor instanceof RemoteHandle<?> r
            ? r.cell.className
            : ((ActorHandle<?>) actor).cell.instanceClass();
    if (name == null) {
      return null;
    }
    try {
      Class<?> known = Class.forName(name, false, loader);
      return type.isAssignableFrom(known) || known.isAssignableFrom(type) ? null : name;
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  @Override
  public void kill(ActorRef<?> actor) {
    kill(actor, false);
  }

  @Override
  public void killAndRestart(ActorRef<?> actor) {
    kill(actor, true);
  }

  private void kill(ActorRef<?> actor, boolean restart) {
    Peers p = peers;
    if (p != null && actor instanceof RemoteHandle<?> remote && remote.cell.engine == this) {
      p.actors.kill(remote.cell, restart);
    } else {
      own(actor).kill(Reason.ACTOR_DIED, "was killed", false, restart);
    }
  }

  private ActorCell own(ActorRef<?> actor) {
    Objects.requireNonNull(actor, "actor");
    if (actor instanceof ActorHandle<?> handle && handle.cell.engine == this) {
      return handle.cell;
    }
    throw new IllegalArgumentException(
        actor + " is an actor of another Manta: use the Manta that made it");
  }

  // ---- refs

  @Override
  public <T extends @Nullable Object> ObjectRef<T> put(T value) {
    ensureOpen();
    if (value instanceof ObjectRef<?>) {
      throw new IllegalArgumentException("put was given a ref: pass the ref itself");
    }
    Ref<T> ref = new Ref<>(this);
    ref.complete(copies.copied(value, "the object"));
    return ref;
  }

  static <T extends @Nullable Object> StageRef<T> own(ObjectRef<T> ref) {
    Objects.requireNonNull(ref, "ref");
    if (ref instanceof StageRef<T> own) {
      return own;
    }
    throw new IllegalArgumentException("this is no ref of Manta's: " + ref);
  }

  @Override
  public <T extends @Nullable Object> List<T> getAll(Collection<? extends ObjectRef<T>> refs) {
    List<StageRef<T>> all = owned(refs);
    Completions.untilAllOrError(this, all);
    List<T> values = new ArrayList<>(all.size());
    for (StageRef<T> ref : all) {
      values.add(ref.now());
    }
    return values;
  }

  private static <T extends @Nullable Object> List<StageRef<T>> owned(
      Collection<? extends ObjectRef<T>> refs) {
    Objects.requireNonNull(refs, "refs");
    List<StageRef<T>> all = new ArrayList<>(refs.size());
    for (ObjectRef<T> ref : refs) {
      all.add(own(ref));
    }
    return all;
  }

  @Override
  public <T extends @Nullable Object> Ready<T> wait(
      Collection<? extends ObjectRef<T>> refs, int count, Duration timeout) {
    long timeoutNs = Waits.nanos(timeout);
    List<StageRef<T>> all = owned(refs);
    if (all.isEmpty() && count == 0) {
      return new Ready<>(List.of(), List.of());
    }
    if (count < 1 || count > all.size()) {
      throw new IllegalArgumentException(
          "count must be from 1 to the number of refs (" + all.size() + "), not " + count);
    }
    if (new java.util.HashSet<>(all).size() != all.size()) {
      throw new IllegalArgumentException("a ref is there twice: wait for each ref once");
    }
    Completions.untilCount(this, all, count, timeoutNs);
    List<ObjectRef<T>> ready = new ArrayList<>();
    List<ObjectRef<T>> pending = new ArrayList<>();
    for (StageRef<T> ref : all) {
      (ready.size() < count && ref.isDone() ? ready : pending).add(ref);
    }
    return new Ready<>(ready, pending);
  }

  @Override
  public <T extends @Nullable Object> Stream<ObjectRef<T>> asCompleted(
      Collection<? extends ObjectRef<T>> refs) {
    return Completions.inOrder(this, owned(refs));
  }

  // ---- life

  @Override
  public int process() {
    Peers p = peers;
    return p == null ? 0 : p.self();
  }

  @Override
  public MantaStats stats() {
    MantaStats own = statsOfThisProcess();
    Peers p = peers;
    return p == null ? own : p.questions.stats(own);
  }

  MantaStats statsOfThisProcess() {
    losses.takeBack();
    List<ActorStats> stats = new ArrayList<>();
    for (ActorCell cell : actors.all()) {
      if (!cell.isDead()) {
        stats.add(cell.stats());
      }
    }
    int queued = placement.waiting();
    return new MantaStats(
        placement.offered(),
        placement.free(),
        tasks.running(),
        queued,
        stats,
        watchdog.stalls());
  }

  @Override
  public void close(Duration drain) {
    Peers p = peers;
    if (p == null || p.isDriver()) {
      closeHere(drain);
    } else if (!closing) {
      closing = true;
      p.questions.askToClose(Waits.nanos(drain));
    }
  }

  /** From now on nobody outside calls and tasks may submit any more. */
  void beginsToClose() {
    closing = true;
  }

  /** {@link #close} of this process, whichever it is. */
  public void closeHere(Duration drain) {
    long drainNs = Waits.nanos(drain);
    Peers all = peers;
    synchronized (actors) {
      if (closeBegun) {
        return;
      }
      closeBegun = true;
      closing = true;
    }
    losses.takeBack();
    Ref<@Nullable Void> never = new Ref<>(this);
    awaitIdle(never, drainNs);
    closed = true;
    if (all != null) {
      all.closeWorkers();
    }
    for (ActorCell cell : actors.all()) {
      cell.kill(Death.CLOSED, false);
    }
    long stopped = host.nanoTime();
    while (all != null && !all.stopAll() && host.nanoTime() - stopped < STOP_NS) {
      var _ = Waits.within(never, POLL_NS);
    }
    while (!tasks.stopAll() && host.nanoTime() - stopped < STOP_NS) {
      var _ = Waits.within(never, POLL_NS);
    }
    while (!areActorsIdle() && host.nanoTime() - stopped < STOP_NS) {
      var _ = Waits.within(never, POLL_NS);
    }
    tasks.close();
    Runnable last = whenClosed;
    if (last != null) {
      last.run();
    }
  }

  /**
   * Waits until no call and no task is left in this process, for so long at most, before it leaves the
   * others. Nobody outside calls and tasks may submit any more.
   */
  public void drainHere(Duration limit) {
    closing = true;
    awaitIdle(new Ref<>(this), Waits.nanos(limit));
  }

  private void awaitIdle(Ref<@Nullable Void> never, long limitNs) {
    long start = host.nanoTime();
    while (!isIdle() && host.nanoTime() - start < limitNs) {
      var _ = Waits.within(never, Math.min(POLL_NS, limitNs));
    }
  }

  /** Runs code at the end of {@link #close}, on its thread; before this is used. */
  public void whenClosed(Runnable code) {
    whenClosed = code;
  }

  private boolean isIdle() {
    Peers p = peers;
    return tasks.calls() == 0 && areActorsIdle() && (p == null || p.isIdle());
  }

  private boolean areActorsIdle() {
    for (ActorCell cell : actors.all()) {
      if (cell.pending.calls() > 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "Manta" + placement.offered() + (closed ? " (closed)" : "");
  }
}
