package dev.manta.cluster.workers;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The worker processes of one run. They are started when they are needed; from the first need on
 * one more is kept ready, so that who needs the next one does not wait for it. Those that nobody
 * uses and that are more than wanted end after a time. When workers die early, the next starts are
 * delayed by 0.1 s, then twice as long each time, up to 10 s; when three in a row die before they
 * are ready, whoever waits for one gets a {@link WorkerStartException}. A worker with JVM options of
 * its own is started for who asks for it, and counts for itself.
 *
 * <p>May be used by any thread; what it does, it does on the thread of its {@link Schedule}. Futures
 * are completed there, so what hangs on them must not block.
 */
public final class WorkerPool implements AutoCloseable {
  static final int SPARES = 1;

  /** The most processes at a time that are for one actor or task. */
  public static final int MOST_ALONE = 256;

  /** How long after SIGKILL a process may take to end. */
  private static final long KILL_LIMIT_S = 5;

  /** Starts the process of a worker. */
  @FunctionalInterface
  interface Launcher {
    Worker launch(int number, List<String> jvmOptions) throws IOException;
  }

  private enum State {
    STARTING, IDLE, TAKEN, ENDING
  }

  private static final class Member {
    final Worker worker;

    /** For whom it is, if it has JVM options of its own. */
    final OwnStarts.@Nullable OwnStart own;

    final long startNs;
    State state = State.STARTING;
    long idleSinceNs;
    boolean tooLate;
    Schedule.Timer startTimer = () -> {};

    Member(Worker worker, OwnStarts.@Nullable OwnStart own, long startNs) {
      this.worker = worker;
      this.own = own;
      this.startNs = startNs;
    }
  }

  private final RunDirectory run;
  private final PoolSettings settings;
  private final Launcher launcher;
  private final Schedule schedule;

  /** By number; changed on the schedule's thread only. */
  private final ConcurrentSkipListMap<Integer, Member> members = new ConcurrentSkipListMap<>();
  private final ArrayDeque<CompletableFuture<Worker>> waiting = new ArrayDeque<>();
  private final OwnStarts ownStarts = new OwnStarts();
  private final StartHistory history;
  private final AtomicBoolean closing = new AtomicBoolean();
  private int lastNumber;
  private boolean used;

  /** Whether a spare may start: it is some time since the first worker was taken. */
  private boolean mayHaveSpare;

  private boolean closed;
  private Schedule.@Nullable Timer startTimer;
  private Schedule.@Nullable Timer idleTimer;
  private Schedule.@Nullable Timer ownTimer;

  WorkerPool(RunDirectory run, PoolSettings settings, Launcher launcher, Schedule schedule) {
    this.run = run;
    this.settings = settings;
    this.launcher = launcher;
    this.schedule = schedule;
    history = new StartHistory(schedule.nanoTime());
  }

  /**
   * A pool without processes yet. It owns the run directory and the schedule, and closes them.
   *
   * @param program the class of the {@link WorkerProgram} that its workers run
   * @param secret what authenticates the processes of the run to each other; as the next
   * @param configuration what the program of a worker is given
   * @param word what it is told once this process can be spoken to; called while its JVM starts, and may wait
   */
  public static WorkerPool open(
      RunDirectory run,
      WorkerCommand command,
      Class<? extends WorkerProgram> program,
      Supplier<byte[]> secret,
      Supplier<byte[]> configuration,
      Supplier<byte[]> word,
      PoolSettings settings,
      Schedule schedule) {
    Launcher launcher =
        (number, jvmOptions) -> Worker.start(
            number,
            command.with(jvmOptions).builder(),
            List.of(
                () -> new WorkerConfig(
                    number,
                    program.getName(),
                    run.path(),
                    secret.get(),
                    configuration.get()).block(),
                () -> WorkerConfig.wordBlock(word.get())),
            run);
    return new WorkerPool(run, settings, launcher, schedule);
  }

  /**
   * A worker that is ready and that nobody else uses: the caller's until it is given back or ends.
   * Waits for one as long as the most are in use; a future that is completed or cancelled meanwhile
   * gets none. Fails with a {@link WorkerStartException}, or an {@link IllegalStateException} once
   * the pool is closed.
   */
  public CompletableFuture<Worker> take() {
    var future = new CompletableFuture<Worker>();
    take(future);
    return future;
  }

  /** As {@link #take()}, into a future of the caller's. */
  public void take(CompletableFuture<Worker> future) {
    schedule.execute(() -> {
      if (isOpenFor(future)) {
        waiting.add(future);
        history.tryAgain();
        balance();
      }
    });
  }

  /**
   * As {@link #take(CompletableFuture)}, a worker that is started for it.
   *
   * @param jvmOptions come after those that all workers have
   */
  public void takeOwn(CompletableFuture<Worker> future, List<String> jvmOptions) {
    schedule.execute(() -> {
      if (isOpenFor(future)) {
        ownStarts.add(future, jvmOptions, now());
        balance();
      }
    });
  }

  private boolean isOpenFor(CompletableFuture<Worker> future) {
    if (closed) {
      future.completeExceptionally(new IllegalStateException("The worker pool is closed"));
    }
    return !closed;
  }

  /** Tells that the program of a worker runs and takes work. Ignored if it has ended meanwhile. */
  public void ready(int number) {
    schedule.execute(() -> {
      var member = members.get(number);
      if (member != null && member.state == State.STARTING) {
        member.startTimer.cancel();
        if (member.own == null) {
          history.becameReady();
          idle(member);
        } else {
          member.state = State.TAKEN;
          if (!ownStarts.handOut(member.own, member.worker)) {
            end(member);
          }
        }
      }
    });
  }

  /** Ends the use of a worker, which another may then take. Ignored if it has ended meanwhile. */
  public void giveBack(Worker worker) {
    schedule.execute(() -> {
      var member = members.get(worker.number());
      if (member != null && member.state == State.TAKEN) {
        idle(member);
      }
    });
  }

  /** Ends a worker that its user has no use for: it drains. Ignored if it has ended meanwhile. */
  public void end(Worker worker) {
    schedule.execute(() -> {
      var member = members.get(worker.number());
      if (member != null && member.state == State.TAKEN) {
        end(member);
        balance();
      }
    });
  }

  private void end(Member member) {
    member.state = State.ENDING;
    member.worker.stop(settings.grace(), schedule);
  }

  /** How many processes there are, those that start or end among them. */
  public CompletableFuture<Integer> size() {
    var size = new CompletableFuture<Integer>();
    schedule.execute(() -> size.complete(members.size()));
    return size;
  }

  private void idle(Member member) {
    member.state = State.IDLE;
    member.idleSinceNs = schedule.nanoTime();
    balance();
  }

  /** Does what is to be done now; called after each change. */
  private void balance() {
    if (closed) {
      return;
    }
    waiting.removeIf(CompletableFuture::isDone);
    handOut();
    startNeeded();
    startOwn();
    endSurplus();
  }

  private void handOut() {
    for (var member : members.values()) {
      if (member.state == State.IDLE && !handOut(member)) {
        return;
      }
    }
  }

  /** Gives a worker to the first that waits for one; false if nobody does. */
  private boolean handOut(Member member) {
    member.state = State.TAKEN;
    while (!waiting.isEmpty()) {
      if (waiting.remove().complete(member.worker)) {
        taken();
        return true;
      }
    }
    member.state = State.IDLE;
    return false;
  }

  private void taken() {
    if (used) {
      return;
    }
    used = true;
    if (settings.firstSpareDelay().isZero()) {
      mayHaveSpare = true;
      return;
    }
    var _ = schedule.after(settings.firstSpareDelay(), () -> {
      mayHaveSpare = true;
      balance();
    });
  }

  private void startNeeded() {
    if (history.isHopeless() && count(State.STARTING) == 0 && !history.gaveUp()) {
      var failure = history.giveUp();
      waiting.forEach(future -> future.completeExceptionally(failure));
      waiting.clear();
    }
    while (needsStart()) {
      var delay = history.delay(schedule.nanoTime());
      if (!delay.isZero()) {
        startAfter(delay);
        return;
      }
      start(null);
    }
  }

  /** Starts workers with JVM options of their own that are waited for. */
  private void startOwn() {
    while (countAll(State.STARTING) < settings.mostStarting() && members.size() < settings.most()) {
      var own = ownStarts.next(now());
      if (own == null) {
        break;
      }
      start(own);
    }
    if (ownTimer != null) {
      ownTimer.cancel();
    }
    ownTimer = ownStarts.delay(now()).map(d -> schedule.after(d, this::balance)).orElse(null);
  }

  private boolean needsStart() {
    int starting = count(State.STARTING);
    int mostStarting = history.isBad() ? 1 : settings.mostStarting();
    if (history.gaveUp() || starting >= mostStarting || members.size() >= settings.most()) {
      return false;
    }
    boolean noSpare =
        mayHaveSpare
            && waiting.isEmpty()
            && ownStarts.isEmpty()
            && starting + count(State.IDLE) < SPARES;
    return starting < waiting.size() || noSpare;
  }

  private void startAfter(Duration delay) {
    if (startTimer == null) {
      startTimer = schedule.after(delay, () -> {
        startTimer = null;
        balance();
      });
    }
  }

  private void start(OwnStarts.@Nullable OwnStart own) {
    int number = ++lastNumber;
    Worker worker;
    try {
      worker = launcher.launch(number, own == null ? List.of() : own.jvmOptions);
    } catch (IOException | RuntimeException e) {
      diedAtStart(own, "worker %d was not started: %s".formatted(number, e));
      schedule.execute(this::balance);
      return;
    }
    var member = new Member(worker, own, now());
    members.put(number, member);
    if (closing.get()) {
      worker.kill(); // the close may not have waited for this start
    }
    member.startTimer = schedule.after(settings.startLimit(), () -> {
      member.tooLate = true;
      worker.kill();
    });
    worker.onExit().thenAccept(exit -> schedule.execute(() -> ended(member, exit)));
  }

  private void diedAtStart(OwnStarts.@Nullable OwnStart own, String what) {
    if (own == null) {
      history.diedAtStart(what, now());
    } else {
      own.diedAtStart(what, now());
    }
  }

  private void ended(Member member, Exit exit) {
    member.startTimer.cancel();
    members.remove(exit.worker());
    if (member.tooLate) {
      diedAtStart(member.own, exit.describe() + "; was not ready in " + settings.startLimit());
    } else if (exit.asked()) {
      // no failure of its own
    } else if (member.state == State.STARTING) {
      diedAtStart(member.own, exit.describe());
    } else if (member.own == null) {
      history.diedReady(Duration.ofNanos(now() - member.startNs), now());
    }
    balance();
  }

  private void endSurplus() {
    if (idleTimer != null) {
      idleTimer.cancel();
      idleTimer = null;
    }
    int taken = count(State.TAKEN);
    int surplus = taken + count(State.IDLE) - Math.max(settings.wanted(), taken) - SPARES;
    for (var member : idleSince()) {
      if (surplus-- <= 0) {
        return;
      }
      var left = settings.idleLimit().minusNanos(now() - member.idleSinceNs);
      if (left.isPositive()) {
        idleTimer = schedule.after(left, this::balance);
        return;
      }
      end(member);
    }
  }

  /** Those nobody uses, the longest unused first. */
  private List<Member> idleSince() {
    return members.values()
        .stream()
        .filter(is(State.IDLE))
        .sorted(Comparator.comparingLong(member -> member.idleSinceNs))
        .toList();
  }

  /** Of those without JVM options of their own. */
  private int count(State state) {
    var own = members.values().stream().filter(is(state)).filter(member -> member.own != null);
    return countAll(state) - (int) own.count();
  }

  private int countAll(State state) {
    return (int) members.values().stream().filter(is(state)).count();
  }

  private static Predicate<Member> is(State state) {
    return member -> member.state == state;
  }

  private long now() {
    return schedule.nanoTime();
  }

  /** Closes within the grace of the settings, and some seconds. */
  @Override
  public void close() {
    close(settings.grace());
  }

  /**
   * Has all workers drain and end (SIGTERM), ends those that still live after {@code limit}, and
   * removes the run directory. Whoever waits for a worker gets an {@link IllegalStateException}. An
   * interrupt ends the workers at once. Not for the thread of the schedule, for which it waits.
   */
  public void close(Duration limit) {
    if (closing.getAndSet(true)) {
      return;
    }
    var begun = new CompletableFuture<Void>();
    schedule.execute(() -> {
      beginClose();
      begun.complete(null);
    });
    begun.completeOnTimeout(null, KILL_LIMIT_S, TimeUnit.SECONDS).join();
    var workers = members.values().stream().map(member -> member.worker).toList();
    var allEnded =
        CompletableFuture.allOf(
            workers.stream()
                .map(worker -> worker.onExit().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    boolean interrupted = false;
    try {
      allEnded.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (ExecutionException | TimeoutException e) {
      // they are ended below
    }
    workers.forEach(Worker::kill);
    allEnded.completeOnTimeout(null, KILL_LIMIT_S, TimeUnit.SECONDS).join();
    schedule.close();
    run.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void beginClose() {
    closed = true;
    var failure = new IllegalStateException("The worker pool is closed");
    waiting.forEach(future -> future.completeExceptionally(failure));
    waiting.clear();
    ownStarts.fail(failure);
    for (var member : members.values()) {
      if (member.state == State.STARTING) {
        member.worker.kill(); // it has nothing to drain, and a JVM that starts would complain
      } else {
        member.worker.terminate();
      }
    }
  }
}
