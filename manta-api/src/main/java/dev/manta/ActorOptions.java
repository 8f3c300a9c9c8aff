package dev.manta;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Options of actors: {@code ActorOptions.named("lb").maxConcurrency(10_000).maxRestarts(3)}. An
 * immutable value.
 */
public final class ActorOptions {
  /** How the calls of an actor run. */
  public enum Kind {
    /** Concurrently, one turn at a time, interleaved at await points. */
    ASYNC,
    /** One from start to end, in the order of submission. */
    SERIAL,
    /** In parallel, each on a thread of its own: the actor's own code synchronises. */
    THREADED
  }

  /**
   * A named limit of its own within an actor.
   *
   * @param name the group
   * @param maxConcurrency calls of the group started and not finished
   * @param methods the methods whose calls run in the group unless the call names another
   */
  public record Group(String name, int maxConcurrency, Set<String> methods) {
    /** Checks and copies. */
    public Group {
      Checks.name(name, "group");
      Checks.positive(maxConcurrency, "maxConcurrency of group " + name);
      methods = Collections.unmodifiableSet(new LinkedHashSet<>(methods));
    }
  }

  /**
   * How often a failed call is run again.
   *
   * @param times at most
   * @param on the exceptions that are covered; the actor's death always is
   */
  public record Retries(int times, List<Class<? extends Throwable>> on) {
    /** Checks and copies. */
    public Retries {
      Checks.notNegative(times, "retries");
      on = List.copyOf(on);
    }
  }

  private static final ActorOptions ASYNC = new ActorOptions(Kind.ASYNC, 1000);
  private static final ActorOptions SERIAL = new ActorOptions(Kind.SERIAL, 1);

  private final Kind kind;
  private int maxConcurrency;
  private @Nullable String name;
  private Map<String, Group> groups = Map.of();
  private double cpus;
  private Map<String, Double> resources = Map.of();
  private int maxRestarts;
  private int maxPendingCalls = 100_000;
  private long maxPendingBytes = 256L << 20;
  private WhenFull whenFull = WhenFull.WAIT;
  private boolean detached;
  private boolean dedicatedThread;
  private boolean outOfOrder;
  private int retries;
  private List<Class<? extends Throwable>> retryOn = List.of();
  private Map<String, Retries> methodRetries = Map.of();
  private @Nullable Duration startDeadline;
  private int streamBuffer = 64;
  private int maxBuffered = 100_000;
  private Where where = Where.ANYWHERE;
  private List<String> jvmOptions = List.of();

  private ActorOptions(Kind kind, int maxConcurrency) {
    this.kind = kind;
    this.maxConcurrency = maxConcurrency;
    this.outOfOrder = kind != Kind.SERIAL;
  }

  private ActorOptions(ActorOptions from, Consumer<ActorOptions> change) {
    kind = from.kind;
    maxConcurrency = from.maxConcurrency;
    name = from.name;
    groups = from.groups;
    cpus = from.cpus;
    resources = from.resources;
    maxRestarts = from.maxRestarts;
    maxPendingCalls = from.maxPendingCalls;
    maxPendingBytes = from.maxPendingBytes;
    whenFull = from.whenFull;
    detached = from.detached;
    dedicatedThread = from.dedicatedThread;
    outOfOrder = from.outOfOrder;
    retries = from.retries;
    retryOn = from.retryOn;
    methodRetries = from.methodRetries;
    startDeadline = from.startDeadline;
    streamBuffer = from.streamBuffer;
    maxBuffered = from.maxBuffered;
    where = from.where;
    jvmOptions = from.jvmOptions;
    change.accept(this);
    java.lang.invoke.VarHandle.storeStoreFence();
  }

  /** An async actor with up to 1000 calls at once: the default. */
  public static ActorOptions async() {
    return ASYNC;
  }

  /** An actor that runs one call from start to end before the next. */
  public static ActorOptions serial() {
    return SERIAL;
  }

  /** An actor that runs up to {@code calls} at once in parallel threads. */
  public static ActorOptions threaded(int calls) {
    return new ActorOptions(Kind.THREADED, Checks.positive(calls, "the number of parallel calls"));
  }

  /** An async actor with a name. */
  public static ActorOptions named(String name) {
    return ASYNC.name(name);
  }

  /** A name by which {@link Manta#find} finds the actor while it lives. */
  public ActorOptions name(String name) {
    Checks.name(name, "name");
    return new ActorOptions(this, o -> o.name = name);
  }

  /** The most calls started and not finished at once. */
  public ActorOptions maxConcurrency(int calls) {
    Checks.positive(calls, "maxConcurrency");
    if (kind == Kind.SERIAL && calls != 1) {
      throw new IllegalArgumentException(
          "a serial actor runs one call at a time: use async() or threaded(" + calls + ")");
    }
    return new ActorOptions(this, o -> o.maxConcurrency = calls);
  }

  /**
   * A concurrency group with a limit of its own.
   *
   * @param methods the names of the methods whose calls run in it unless the call names another
   */
  public ActorOptions group(String group, int maxConcurrency, String... methods) {
    if (kind == Kind.SERIAL) {
      throw new IllegalArgumentException(
          "a serial actor has no concurrency groups: use async() or threaded(n)");
    }
    if (groups.containsKey(group)) {
      throw new IllegalArgumentException("the group \"" + group + "\" is there already");
    }
    Map<String, Group> all = new LinkedHashMap<>(groups);
    all.put(group, new Group(group, maxConcurrency, Set.of(methods)));
    return new ActorOptions(this, o -> o.groups = Collections.unmodifiableMap(all));
  }

  /** The CPUs that the actor takes for its life; 0 by default. */
  public ActorOptions cpus(double cpus) {
    Checks.amount(cpus, "cpus");
    return new ActorOptions(this, o -> o.cpus = cpus);
  }

  /** An amount of a custom resource, such as {@code "gpu"}, that the actor takes for its life. */
  public ActorOptions resource(String resource, double amount) {
    Checks.name(resource, "resource");
    Checks.amount(amount, resource);
    Map<String, Double> all = new TreeMap<>(resources);
    all.put(resource, amount);
    return new ActorOptions(this, o -> o.resources = Map.copyOf(all));
  }

  /** How often the actor is built anew after it died; a graceful end is no death. */
  public ActorOptions maxRestarts(int times) {
    Checks.notNegative(times, "maxRestarts");
    return new ActorOptions(this, o -> o.maxRestarts = times);
  }

  /** The most calls submitted and not finished, over all callers; 100,000 by default. */
  public ActorOptions maxPendingCalls(int calls) {
    Checks.positive(calls, "maxPendingCalls");
    return new ActorOptions(this, o -> o.maxPendingCalls = calls);
  }

  /** The most bytes of arguments of pending calls, over all callers; 256 MiB by default. */
  public ActorOptions maxPendingBytes(long bytes) {
    Checks.positive(bytes, "maxPendingBytes");
    return new ActorOptions(this, o -> o.maxPendingBytes = bytes);
  }

  /** What happens to callers outside actors and tasks at the limit of pending calls. */
  public ActorOptions whenFull(WhenFull policy) {
    Objects.requireNonNull(policy, "policy");
    return new ActorOptions(this, o -> o.whenFull = policy);
  }

  /** The actor lives until it is killed, exits or the Manta is closed, with handles or without. */
  public ActorOptions detached() {
    return new ActorOptions(this, o -> o.detached = true);
  }

  /**
   * The actor's turns run on platform threads of its own, so that computation in it does not hold up
   * other actors.
   */
  public ActorOptions dedicatedThread() {
    return new ActorOptions(this, o -> o.dedicatedThread = true);
  }

  /**
   * Whether a call whose captured refs are ready may start before an earlier one whose refs are not:
   * as it is on async and threaded actors, and is not on serial ones.
   */
  public ActorOptions outOfOrder(boolean allowed) {
    if (!allowed && kind != Kind.SERIAL) {
      throw new IllegalArgumentException(
          "the calls of an async or threaded actor start as they become ready: use serial()");
    }
    return new ActorOptions(this, o -> o.outOfOrder = allowed);
  }

  /** The retries of its calls, as in {@link CallOptions#retries}; a call's own come first. */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final ActorOptions retries(int times, Class<? extends Throwable>... exceptions) {
    Checks.notNegative(times, "retries");
    List<Class<? extends Throwable>> on = List.of(exceptions);
    return new ActorOptions(
        this,
        o -> {
          o.retries = times;
          o.retryOn = on;
        });
  }

  /**
   * The retries of the calls of one method, as in {@link CallOptions#retries}; a call's own come first,
   * and these before the actor's.
   *
   * @param method its name; an actor whose class has no such method dies as it is built, and says so
   */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final ActorOptions methodRetries(
      String method, int times, Class<? extends Throwable>... exceptions) {
    Checks.name(method, "method");
    Map<String, Retries> all = new LinkedHashMap<>(methodRetries);
    all.put(method, new Retries(times, List.of(exceptions)));
    return new ActorOptions(this, o -> o.methodRetries = Collections.unmodifiableMap(all));
  }

  /** The time within which the constructor must return, or else the actor dies. */
  public ActorOptions startDeadline(Duration time) {
    Checks.positive(time, "startDeadline");
    return new ActorOptions(this, o -> o.startDeadline = time);
  }

  /** The elements by which a stream of the actor runs ahead of its consumer; 64 by default. */
  public ActorOptions streamBuffer(int elements) {
    Checks.positive(elements, "streamBuffer");
    return new ActorOptions(this, o -> o.streamBuffer = elements);
  }

  /** The most elements produced and not consumed over all streams of the actor. */
  public ActorOptions maxBuffered(int elements) {
    Checks.positive(elements, "maxBuffered");
    return new ActorOptions(this, o -> o.maxBuffered = elements);
  }

  /**
   * The actor has a worker process of its own, which starts with it and ends with it; each further
   * life gets another process. Without {@link LocalOptions#processes} it runs in this JVM as any
   * other, and the JVM options have no effect.
   *
   * @param jvmOptions of that process, as in {@code isolated("-Xmx2g")}; they come after those of
   *     {@link LocalOptions#jvmOptions}. With none it may be a process that is running already and
   *     has nothing to do, so that the actor starts faster
   */
  public ActorOptions isolated(String... jvmOptions) {
    List<String> options = Checks.jvmOptions(jvmOptions);
    return at(Where.ISOLATED, options);
  }

  /**
   * Actors of the same class with this option are spread evenly over all worker processes, whatever
   * else those host; the ones that do not run yet are started for it.
   */
  public ActorOptions spread() {
    return at(Where.SPREAD, List.of());
  }

  /**
   * The actor goes to the worker process that hosts the most actors and has the CPUs that it takes
   * for its life: as few processes as possible are used.
   */
  public ActorOptions pack() {
    return at(Where.PACKED, List.of());
  }

  private ActorOptions at(Where place, List<String> options) {
    return new ActorOptions(
        this,
        o -> {
          o.where = place;
          o.jvmOptions = options;
        });
  }

  /** The kind. */
  public Kind kind() {
    return kind;
  }

  /** The limit of started calls. */
  public int maxConcurrency() {
    return maxConcurrency;
  }

  /** The name, or null. */
  public @Nullable String name() {
    return name;
  }

  /** The groups by name. */
  public Map<String, Group> groups() {
    return groups;
  }

  /** The CPUs. */
  public double cpus() {
    return cpus;
  }

  /** The custom resources. */
  public Map<String, Double> resources() {
    return resources;
  }

  /** The restarts. */
  public int maxRestarts() {
    return maxRestarts;
  }

  /** The limit of pending calls. */
  public int maxPendingCalls() {
    return maxPendingCalls;
  }

  /** The limit of pending bytes. */
  public long maxPendingBytes() {
    return maxPendingBytes;
  }

  /** The policy at the limit. */
  public WhenFull whenFull() {
    return whenFull;
  }

  /** Whether it lives without handles. */
  public boolean isDetached() {
    return detached;
  }

  /** Whether it has threads of its own. */
  public boolean hasDedicatedThread() {
    return dedicatedThread;
  }

  /** Whether ready calls pass unready ones. */
  public boolean isOutOfOrder() {
    return outOfOrder;
  }

  /** The retries. */
  public int retries() {
    return retries;
  }

  /** The exceptions that retries cover. */
  public List<Class<? extends Throwable>> retryOn() {
    return retryOn;
  }

  /** The retries of single methods by name. */
  public Map<String, Retries> methodRetries() {
    return methodRetries;
  }

  /** The constructor's deadline, or null. */
  public @Nullable Duration startDeadline() {
    return startDeadline;
  }

  /** The buffer of a stream. */
  public int streamBuffer() {
    return streamBuffer;
  }

  /** The limit over all streams. */
  public int maxBuffered() {
    return maxBuffered;
  }

  /** In which process it runs. */
  public Where where() {
    return where;
  }

  /** The options of the JVM of an isolated actor. */
  public List<String> jvmOptions() {
    return jvmOptions;
  }
}
