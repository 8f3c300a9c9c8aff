package dev.manta;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * How a Manta runs on this machine: {@code Manta.start(local().cpus(8).resource("gpu", 1))}. An
 * immutable value.
 */
public final class LocalOptions {
  private static final int MAX_PROCESSES = 1000;
  private static final Duration LEAST_SILENCE = Duration.ofMillis(100);
  private static final LocalOptions DEFAULT = new LocalOptions();

  private double cpus = Runtime.getRuntime().availableProcessors();
  private Map<String, Double> resources = Map.of();
  private Duration stallThreshold = Duration.ofMillis(100);
  private Duration monitorDeadlockTimeout = Duration.ofSeconds(10);
  private Duration cancelGrace = Duration.ofSeconds(5);
  private int maxTaskThreads = 256;
  private int maxPendingTasks = 1_000_000;
  private List<ContextPropagator<?>> propagators = List.of();
  private int processes = Integer.getInteger("dev.manta.processes", 0);
  private List<String> jvmOptions = List.of();
  private Duration silence = Duration.ofSeconds(15);
  private Duration idleTime = Duration.ofMinutes(1);

  private LocalOptions() {}

  private LocalOptions(LocalOptions from, Consumer<LocalOptions> change) {
    cpus = from.cpus;
    resources = from.resources;
    stallThreshold = from.stallThreshold;
    monitorDeadlockTimeout = from.monitorDeadlockTimeout;
    cancelGrace = from.cancelGrace;
    maxTaskThreads = from.maxTaskThreads;
    maxPendingTasks = from.maxPendingTasks;
    propagators = from.propagators;
    processes = from.processes;
    jvmOptions = from.jvmOptions;
    silence = from.silence;
    idleTime = from.idleTime;
    change.accept(this);
    java.lang.invoke.VarHandle.storeStoreFence();
  }

  /** This JVM, all its cores. */
  public static LocalOptions local() {
    return DEFAULT;
  }

  /** The CPUs offered to tasks: as many run at once; all processors by default. */
  public LocalOptions cpus(double cpus) {
    if (!(cpus > 0) || cpus > 1_000_000) {
      throw new IllegalArgumentException("cpus must be more than 0, not " + cpus);
    }
    return new LocalOptions(this, o -> o.cpus = cpus);
  }

  /** An amount of a custom resource, such as {@code "gpu"} or {@code "license"}. */
  public LocalOptions resource(String resource, double amount) {
    Checks.name(resource, "resource");
    Checks.amount(amount, resource);
    if (resource.equals("cpu")) {
      throw new IllegalArgumentException("\"cpu\" is no custom resource: use cpus(" + amount + ")");
    }
    Map<String, Double> all = new TreeMap<>(resources);
    all.put(resource, amount);
    return new LocalOptions(this, o -> o.resources = Map.copyOf(all));
  }

  /** For how long a turn may be held before the watchdog reports it; 100 ms by default. */
  public LocalOptions stallThreshold(Duration time) {
    Checks.positive(time, "stallThreshold");
    return new LocalOptions(this, o -> o.stallThreshold = time);
  }

  /**
   * For how long a turn may wait for a monitor that a suspended call of its own actor holds before
   * the actor is ended; 10 s by default.
   */
  public LocalOptions monitorDeadlockTimeout(Duration time) {
    Checks.positive(time, "monitorDeadlockTimeout");
    return new LocalOptions(this, o -> o.monitorDeadlockTimeout = time);
  }

  /** The time that a cancelled or expired call has for its clean-up code; 5 s by default. */
  public LocalOptions cancelGrace(Duration time) {
    Checks.positive(time, "cancelGrace");
    return new LocalOptions(this, o -> o.cancelGrace = time);
  }

  /** The most threads that run tasks, those that wait for a ref included; 256 by default. */
  public LocalOptions maxTaskThreads(int threads) {
    Checks.positive(threads, "maxTaskThreads");
    return new LocalOptions(this, o -> o.maxTaskThreads = threads);
  }

  /**
   * The most tasks submitted and not finished; 1,000,000 by default. Outside actors and tasks a
   * submission waits for room; inside the surplus is refused.
   */
  public LocalOptions maxPendingTasks(int tasks) {
    Checks.positive(tasks, "maxPendingTasks");
    return new LocalOptions(this, o -> o.maxPendingTasks = tasks);
  }

  /** Lets a kind of context travel with calls. */
  public LocalOptions propagate(ContextPropagator<?> propagator) {
    java.util.Objects.requireNonNull(propagator, "propagator");
    List<ContextPropagator<?>> all = new ArrayList<>(propagators);
    all.add(propagator);
    return new LocalOptions(this, o -> o.propagators = List.copyOf(all));
  }

  /**
   * Runs tasks and actors in worker processes of this machine, which this process starts and ends;
   * needs {@code manta-cluster} on the class path. One starts at once, the others when there is work
   * for them; one more, which nothing runs in, is kept ready to take the place of one that dies.
   * They run the same JDK with this program's class path, working directory and environment.
   *
   * @param workers the most of them at once, besides that spare one and those of {@linkplain
   *     ActorOptions#isolated isolated} actors and tasks. 0 is this process alone: the default, unless
   *     the system property {@code dev.manta.processes} says otherwise
   */
  public LocalOptions processes(int workers) {
    if (workers < 0 || workers > MAX_PROCESSES) {
      throw new IllegalArgumentException(
          "processes must be from 0 (this process alone) to " + MAX_PROCESSES + ", not " + workers);
    }
    return new LocalOptions(this, o -> o.processes = workers);
  }

  /**
   * For how long a worker process may give no sign of life before it is ended, as one that is stopped or
   * whose JVM hangs; its calls wait until then, their deadlines hold. 15 s by default, 0.1 s at least.
   * More than the longest pause of the collector, or than a stop in a debugger.
   */
  public LocalOptions silence(Duration time) {
    Checks.positive(time, "silence");
    if (time.compareTo(LEAST_SILENCE) < 0) {
      throw new IllegalArgumentException("silence must be at least 0.1 s, not " + time);
    }
    return new LocalOptions(this, o -> o.silence = time);
  }

  /**
   * Options of the workers' JVMs, as in {@code jvmOptions("-Xmx1g")}; they come after Manta's own. A
   * worker has its share of half the memory as its largest heap unless they say otherwise, and those
   * options of this JVM that change what a program does or may do ({@code -D}, {@code -ea}, {@code
   * -Xss}, {@code --add-opens} and the like), but no agents, debuggers, ports and files.
   */
  public LocalOptions jvmOptions(String... options) {
    List<String> checked = Checks.jvmOptions(options);
    return new LocalOptions(this, o -> o.jvmOptions = checked);
  }

  /**
   * A worker process ends that had nothing to do for this time, unless it is the only one; 1 minute by
   * default. One that hosts an actor, or owns a value or pending ref that others use, does not end.
   */
  public LocalOptions idleTime(Duration time) {
    Checks.positive(time, "idleTime");
    return new LocalOptions(this, o -> o.idleTime = time);
  }

  /** The CPUs. */
  public double cpus() {
    return cpus;
  }

  /** The custom resources. */
  public Map<String, Double> resources() {
    return resources;
  }

  /** The stall threshold. */
  public Duration stallThreshold() {
    return stallThreshold;
  }

  /** The monitor deadlock time. */
  public Duration monitorDeadlockTimeout() {
    return monitorDeadlockTimeout;
  }

  /** The grace of cancelled calls. */
  public Duration cancelGrace() {
    return cancelGrace;
  }

  /** The most task threads. */
  public int maxTaskThreads() {
    return maxTaskThreads;
  }

  /** The most pending tasks. */
  public int maxPendingTasks() {
    return maxPendingTasks;
  }

  /** The registered propagators. */
  public List<ContextPropagator<?>> propagators() {
    return propagators;
  }

  /** The most worker processes; 0 is none. */
  public int processes() {
    return processes;
  }

  /** The silence after which a worker is ended. */
  public Duration silence() {
    return silence;
  }

  /** The options of the workers' JVMs. */
  public List<String> jvmOptions() {
    return jvmOptions;
  }

  /** The time after which an idle worker ends. */
  public Duration idleTime() {
    return idleTime;
  }
}
