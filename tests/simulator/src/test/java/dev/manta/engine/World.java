package dev.manta.engine;

import dev.manta.ActorRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One run of a program: what its code shares behind Manta's back, and what has been seen. */
final class World {
  static final long MS = 1_000_000;

  /** The one that runs; calls name it by this, since they capture only values. */
  static World current;

  final Program program;
  final Scheduler scheduler;
  final SimulatedHost host;
  final Engine engine;
  final boolean verbose;
  final List<ActorRef<SimActor>> handles = new ArrayList<>();
  final List<Submission> submissions = new ArrayList<>();
  final List<String> log = new ArrayList<>();
  final Map<String, Integer> unseen = new TreeMap<>();
  final double cpus;
  double cpusInUse;
  boolean closing;
  boolean closed;

  World(Program program, Scheduler scheduler, boolean verbose) {
    this.program = program;
    this.scheduler = scheduler;
    this.verbose = verbose;
    this.cpus = program.options().cpus();
    this.host = new SimulatedHost(scheduler, this::reported, this::longTimer);
    this.engine = new Engine(host, new SharedCodec(), program.options());
    scheduler.beforeTimePasses(this::look);
  }

  /** Starts the actors and then the clients. */
  void begin() {
    scheduler.spawn(
        "setup",
        () -> {
          for (int i = 0; i < program.actors().size(); i++) {
            int index = i;
            handles.add(
                engine.actor(
                    program.actors().get(i).options(), () -> current.construct(index)));
          }
          for (int c = 0; c < program.clients().size(); c++) {
            List<Step> script = program.clients().get(c);
            Frame frame = new Frame(this, null, null, "client " + c);
            scheduler.spawn("client", () -> frame.client(script));
          }
        });
  }

  private SimActor construct(int index) {
    Program.Actor spec = program.actors().get(index);
    log("constructor of actor " + index);
    if (spec.constructorMs() > 0) {
      scheduler.sleep(spec.constructorMs() * MS);
    }
    if (spec.fails()) {
      throw new AppError(-1);
    }
    return spec.closeable() ? new SimActor.Closing(this, index) : new SimActor(this, index);
  }

  ActorCell cell(int actor) {
    return ((ActorHandle<?>) handles.get(actor)).cell;
  }

  /** Whether an instance still has turns: dependents of a dead one run anywhere. */
  @SuppressWarnings("ReferenceEquality") // the instance itself
  boolean isAlive(SimActor actor) {
    Incarnation current = cell(actor.index).current();
    return current.instance == actor && !current.isDead();
  }

  // ---- the code of calls

  /** Runs the code of a submission. */
  static Object perform(int number, SimActor self) throws Exception {
    World w = current;
    Submission s = w.submissions.get(number);
    return new Frame(w, s, self, s.toString()).run();
  }

  /** As {@link #perform}, for code that gives a stage. */
  @SuppressWarnings("unchecked")
  static java.util.concurrent.CompletionStage<Object> stage(int number, SimActor self)
      throws Exception {
    return (java.util.concurrent.CompletionStage<Object>) perform(number, self);
  }

  Submission submission(Op op, Submission parent, boolean fromClient) {
    Submission s = new Submission(submissions.size(), op, parent, scheduler.now());
    submissions.add(s);
    Duration own = ownDeadline(op, fromClient);
    if (own != null) {
      s.deadlineAt = scheduler.now() + own.toNanos();
    }
    if (parent != null) {
      s.deadlineAt = Math.min(s.deadlineAt, parent.deadlineAt);
    }
    return s;
  }

  /** Every op of a client has a deadline, so that every program ends. */
  static Duration ownDeadline(Op op, boolean fromClient) {
    if (op.deadlineMs() > 0) {
      return Duration.ofMillis(op.deadlineMs());
    }
    return fromClient ? Duration.ofHours(1) : null;
  }

  void takeCpus(double amount) {
    cpusInUse += amount;
    if (cpusInUse > cpus + 1e-6) {
      violated(cpusInUse + " cpus in use of " + cpus);
    }
  }

  // ---- what is seen

  /** Sees which refs have completed, each time before the clock goes on. */
  private void look() {
    long now = scheduler.now();
    for (Submission s : submissions) {
      if (s.isOpen() && s.ref.isDone()) {
        s.doneAt = now;
        s.outcome = s.ref.raw();
        if (verbose) {
          log(s + " is done: " + words(s.outcome));
        }
      }
      if (now >= s.deadlineAt && !s.hasMetDeadline()) {
        violated(s + " is not done at its deadline, " + s.deadlineAt / 1000 + " us");
      }
    }
    for (int i = 0; i < handles.size(); i++) {
      Pending pending = cell(i).pending;
      int retried = program.actors().get(i).options().retries() > 0 ? 1000 : 0;
      for (Submission s : submissions) {
        retried += s.op.retries() > 0 ? 1 : 0;
      }
      if (pending.calls() > pending.maxCalls() + retried) {
        violated(pending.calls() + " pending calls of actor " + i);
      }
    }
  }

  static String words(Object outcome) {
    return outcome instanceof Ref.Failure f ? f.error.toString() : String.valueOf(outcome);
  }

  private void reported(String message, Throwable cause) {
    log("report: " + message + ": " + cause);
    if (message.startsWith("nobody looked")) {
      unseen.merge(String.valueOf(cause.getMessage()), 1, Integer::sum);
    } else if (!message.contains("has been held for") && !message.startsWith("a caller has")) {
      violated("reported: " + message + ": " + Scheduler.describe(cause));
    }
  }

  private void longTimer(Throwable set) {
    if (!program.mayStarve()) {
      violated(
          "a timer of an hour went off: a wake-up was lost, or the timer not cancelled; open: "
              + submissions.stream()
                  .filter(Submission::isOpen)
                  .map(Submission::whereabouts)
                  .toList()
              + Scheduler.describe(set));
    }
  }

  void violated(String what) {
    scheduler.fail(what);
  }

  void log(String line) {
    if (verbose) {
      log.add(scheduler.now() / 1000 + " us " + scheduler.running() + ": " + line);
    }
  }
}
