package dev.manta.engine;

import dev.manta.ActorRef;
import dev.manta.Emitter;
import dev.manta.LocalOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;

/** One run of a program of many processes: what is shared behind Manta's back, and what is seen. */
final class Cluster {
  static final long MS = World.MS;

  /** How late a ref may be whose process does not answer. */
  private static final long VERDICT_NS = 100 * MS;

  /** The one that runs; code names it by this, since it captures only values. */
  static Cluster current;

  final Plan plan;
  final Scheduler scheduler;
  final SplittableRandom random;
  final boolean verbose;
  final Map<Integer, SimProcess> processes = new TreeMap<>();
  final List<Job> jobs = new ArrayList<>();
  final List<String> log = new ArrayList<>();

  /** The lives of each actor, in the order in which they began. */
  final Map<Long, List<Resident.Life>> lives = new HashMap<>();

  /** Actors that were killed, or ended themselves, and by whom. */
  final Map<Long, SimProcess> killed = new HashMap<>();

  /** Actors that were killed and may live again. */
  final Set<Long> restarted = new HashSet<>();

  final Wiretap tap = new Wiretap(this);
  final SimulatedMemory memory = new SimulatedMemory(this);
  final SimulatedBeginnings beginnings = new SimulatedBeginnings(this);
  final SimNetwork network;
  final Collector collector = new Collector(this);
  int opsLeft;

  /** Calls that were offered, and are neither let in nor refused. */
  int offers;

  private int numbers;
  private int lossesAtFrames;

  /** Processes were lost, or stood still. */
  boolean hadLosses;

  private boolean ended;

  Cluster(Plan plan, Scheduler scheduler, SplittableRandom random, boolean verbose) {
    this.plan = plan;
    this.scheduler = scheduler;
    this.random = random;
    this.verbose = verbose;
    this.network = new SimNetwork(this);
    this.opsLeft = plan.ops();
    scheduler.beforeTimePasses(this::look);
  }

  SimProcess driver() {
    return processes.get(0);
  }

  /** The process in whose thread this is called. */
  SimProcess here() {
    return processes.get(scheduler.running().process);
  }

  // ---- processes

  void begin() {
    SimProcess driver =
        add(LocalOptions.local().cpus(plan.scarce() ? 1 : plan.workers() * plan.cpus() + 8.0));
    for (int i = 0; i < plan.workers(); i++) {
      replace();
    }
    for (int c = 0; c < plan.clients(); c++) {
      JobCode client = new JobCode(this, driver, null, null, "client " + c);
      scheduler.spawn("client", client::client);
    }
    if (plan.crowd()) {
      for (SimProcess worker : workers()) {
        JobCode client = new JobCode(this, worker, null, null, "client of " + worker);
        scheduler.spawn(worker.number, "client", client::client);
      }
    }
    for (int i = 0; i < plan.losses(); i++) {
      if (random.nextInt(2) == 0) {
        lossesAtFrames++;
        continue;
      }
      scheduler.afterSteps(1 + random.nextInt(1 << (6 + random.nextInt(8))), this::lose);
    }
  }

  private SimProcess add(LocalOptions options) {
    int number = numbers++;
    SimulatedHost host =
        new SimulatedHost(scheduler, number, this::reported, set -> stuck(number, set));
    Engine engine =
        new Engine(
            host,
            new FlatCodec(),
            options.cancelGrace(Duration.ofMillis(4)).stallThreshold(Duration.ofMillis(20)));
    SimProcess process = new SimProcess(number, host, engine);
    processes.put(number, process);
    process.peers.share(memory.of(number));
    if (plan.notes()) {
      process.peers.note(beginnings.of(number));
    }
    process.peers.connect(network.of(process));
    return process;
  }

  /** A worker begins, a little later. */
  void replace() {
    if (ended) {
      return;
    }
    SimProcess worker = add(LocalOptions.local().cpus(plan.cpus()));
    var _ =
        scheduler.spawn(
            worker.number,
            "main of " + worker,
            () -> {
              scheduler.sleep(random.nextInt(4) * MS);
              worker.peers.join(plan.cpus());
            });
  }

  private List<SimProcess> workers() {
    return processes.values().stream().filter(p -> p.alive && p.number != 0).toList();
  }

  private SimProcess any(List<SimProcess> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** A frame is sent whose loss may matter: sometimes one of its two ends soon after. */
  void sent(SimProcess from, SimProcess to) {
    if (lossesAtFrames > 0 && random.nextInt(8) == 0) {
      SimProcess victim =
          from.number == 0 || (to.number != 0 && random.nextInt(2) == 0) ? to : from;
      if (victim.number != 0) {
        lossesAtFrames--;
        scheduler.afterSteps(1 + random.nextInt(1 << random.nextInt(8)),
            () -> kill(victim, "was killed"));
      }
    }
  }

  /** A process is lost, stands still, or sends what makes no sense. */
  private void lose() {
    List<SimProcess> workers = workers();
    if (workers.isEmpty() || ended) {
      return;
    }
    hadLosses = true;
    SimProcess victim = any(workers);
    switch (random.nextInt(7)) {
      case 0 -> {
        long ns = (1 + random.nextInt(300)) * MS;
        log(() -> victim + " stands still for " + ns / MS + " ms");
        victim.frozenNs += ns;
        scheduler.freeze(victim.number, ns);
      }
      case 1, 2 -> {
        SimProcess reader = any(List.copyOf(processes.values()));
        if (reader != victim && hasJoined(victim) && (hasJoined(reader) || reader == driver())) {
          log(() -> victim + " sends nonsense to " + reader);
          network.garble(victim, reader);
        }
      }
      default -> kill(victim, "was killed");
    }
  }

  private boolean hasJoined(SimProcess worker) {
    return driver().peers.isWorker(worker.number);
  }

  void kill(SimProcess process, String why) {
    if (process.alive && !ended) {
      log(() -> process + " is killed");
      hadLosses = true;
      process.alive = false;
      scheduler.kill(process.number);
      network.lost(process, why);
      memory.lost(process.number);
    }
  }

  // ---- actors

  static Resident construct(int kind) {
    return current.constructed(kind);
  }

  private Resident constructed(int kind) {
    Incarnation life = ((TurnRunner) Runner.current()).actor;
    ActorCell cell = life.cell;
    long epoch = (long) Reachability.field(cell, "earlierLives") + life.epoch;
    Resident.Life born = new Resident.Life(cell.number, epoch, here(), life);
    log(() -> "constructor of " + born);
    List<Resident.Life> earlier = lives.computeIfAbsent(cell.number, n -> new ArrayList<>());
    for (Resident.Life e : earlier) {
      if (e.epoch >= epoch) {
        violated(born + " begins after " + e);
      }
      if (!e.isOver()) {
        violated(born + " begins while " + e + " lives");
      }
    }
    earlier.add(born);
    if (random.nextInt(4) == 0) {
      scheduler.sleep(random.nextInt(3) * MS);
    }
    return new Resident(this, kind, born);
  }

  /** A handle with an order of calls of its own. */
  static ActorRef<Resident> copy(ActorRef<Resident> actor) {
    return actor instanceof RemoteHandle<Resident> r
        ? r.copy()
        : ((ActorHandle<Resident>) actor).copy();
  }

  static long id(ActorRef<?> actor) {
    return actor instanceof RemoteHandle<?> r ? r.cell.id : ((ActorHandle<?>) actor).cell.number;
  }

  /** Whether an actor has had a reason to die. */
  boolean mayBeDead(long actor) {
    return killed.containsKey(actor)
        || restarted.contains(actor)
        || isGone(processes.get(ActorIds.creator(actor)))
        || lives.getOrDefault(actor, List.of()).stream().anyMatch(l -> isGone(l.process));
  }

  static boolean isGone(SimProcess process) {
    return !process.alive || process.givenUp;
  }

  // ---- the code of calls

  static void produce(int number, Resident self, Emitter<Luggage> out) throws Exception {
    Cluster c = current;
    Job job = c.jobs.get(number);
    JobCode code = new JobCode(c, c.here(), job, self, job.toString());
    var _ = code.run(
        () -> {
          new JobStream(code, null).produce(out);
          return null;
        });
  }

  static Object perform(int number, Resident self, Luggage luggage) throws Exception {
    return current.run(number, self, luggage);
  }

  private Object run(int number, Resident self, Luggage luggage) throws Exception {
    Job job = jobs.get(number);
    JobCode code = new JobCode(this, here(), job, self, job.toString());
    if (luggage != null) {
      code.take(luggage);
    }
    return code.run();
  }

  Job job(int kind, SimProcess owner, Job parent) {
    Job job = new Job(jobs.size(), kind, owner, parent);
    job.frozenBefore = owner.frozenNs;
    job.submittedAt = scheduler.now();
    jobs.add(job);
    return job;
  }

  // ---- what is seen

  /** Sees which refs have completed, each time before the clock goes on. */
  private void look() {
    long now = scheduler.now();
    for (Job job : jobs) {
      if (!job.owner.alive) {
        continue;
      }
      if (job.isOpen() && job.ref.isDone()) {
        job.doneAt = now;
        job.outcome = job.ref.raw();
        log(() -> job + " is done: " + (job.error() == null ? "with a value" : job.error()));
      }
      long still = job.owner.frozenNs - job.frozenBefore;
      if (job.isOpen() && job.deadlineAt < Long.MAX_VALUE
          && now > Math.max(job.deadlineAt, job.submittedAt) + VERDICT_NS + still) {
        violated(job + " is not done at its deadline, " + job.deadlineAt / 1000 + " us");
      }
    }
    for (SimProcess p : processes.values()) {
      if (p.alive) {
        limits(p);
      }
    }
    collector.mayCollect();
  }

  /** The limit of an actor's pending calls holds where it lives, over all callers. */
  private void limits(SimProcess p) {
    for (ActorCell cell : p.engine.actors.all()) {
      if (cell.pending.calls() > cell.options.maxPendingCalls()) {
        violated(cell.pending.calls() + " calls are pending in " + cell + " of " + p);
      }
      if (bytes(cell.pending) > cell.options.maxPendingBytes()) {
        violated(bytes(cell.pending) + " bytes are pending in " + cell + " of " + p);
      }
    }
  }

  static long bytes(Pending pending) {
    try {
      java.lang.reflect.Field bytes = Pending.class.getDeclaredField("bytes");
      bytes.setAccessible(true);
      return bytes.getLong(pending);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void reported(String message, Throwable cause) {
    log(() -> "report: " + message + ": " + cause);
    boolean expected =
        message.startsWith("nobody looked")
            || message.contains("has been held for")
            || message.startsWith("a caller has")
            || (hadLosses && message.contains("bad frame"));
    if (!expected) {
      violated("reported: " + message + ": " + Scheduler.describe(cause));
    }
  }

  private void stuck(int process, Throwable set) {
    if (processes.get(process).alive && !plan.scarce()) {
      violated(
          "nothing goes on; open: "
              + jobs.stream()
                  .filter(j -> j.isOpen() && j.owner.alive)
                  .map(Job::whereabouts)
                  .toList()
              + Scheduler.describe(set));
    }
  }

  /** The program has ended: no process is replaced any more. */
  void end() {
    ended = true;
  }

  /** Nothing is held by the program any more: the collectors run until they find nothing. */
  void letGo() {
    processes.values().forEach(p -> p.codes.clear());
    for (boolean more = true; more;) {
      more = false;
      for (SimProcess p : processes.values()) {
        more |= collector.collect(p);
      }
      scheduler.runUntilIdle();
    }
  }

  void violated(String what) {
    scheduler.fail(what);
  }

  void log(Supplier<String> line) {
    if (verbose) {
      scheduler.atomically(
          () -> log.add(scheduler.now() / 1000 + " us " + scheduler.running() + ": " + line.get()));
    }
  }
}
