package dev.manta;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Options of tasks: {@code manta.submit(TaskOptions.named("resize").cpus(2), () -> resize(image))}.
 * An immutable value.
 */
public final class TaskOptions {
  /** One CPU, no retries. */
  public static final TaskOptions DEFAULT = new TaskOptions();

  private @Nullable String name;
  private double cpus = 1;
  private Map<String, Double> resources = Map.of();
  private int retries;
  private List<Class<? extends Throwable>> retryOn = List.of();
  private @Nullable Duration deadline;
  private Where where = Where.ANYWHERE;
  private List<String> jvmOptions = List.of();

  private TaskOptions() {}

  private TaskOptions(TaskOptions from, Consumer<TaskOptions> change) {
    name = from.name;
    cpus = from.cpus;
    resources = from.resources;
    retries = from.retries;
    retryOn = from.retryOn;
    deadline = from.deadline;
    where = from.where;
    jvmOptions = from.jvmOptions;
    change.accept(this);
    java.lang.invoke.VarHandle.storeStoreFence();
  }

  /** The default options with a name, for threads, errors and events. */
  public static TaskOptions named(String name) {
    return DEFAULT.name(name);
  }

  /** A name, for threads, errors and events. */
  public TaskOptions name(String name) {
    Checks.name(name, "name");
    return new TaskOptions(this, o -> o.name = name);
  }

  /** The CPUs that the task takes while it runs; may be a fraction, or 0. */
  public TaskOptions cpus(double cpus) {
    Checks.amount(cpus, "cpus");
    return new TaskOptions(this, o -> o.cpus = cpus);
  }

  /** An amount of a custom resource, such as {@code "gpu"}, that the task takes while it runs. */
  public TaskOptions resource(String resource, double amount) {
    Checks.name(resource, "resource");
    Checks.amount(amount, resource);
    Map<String, Double> all = new TreeMap<>(resources);
    all.put(resource, amount);
    return new TaskOptions(this, o -> o.resources = Map.copyOf(all));
  }

  /**
   * How often the task is run again after it was lost or threw one of {@code exceptions}; none
   * named: only after it was lost.
   */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final TaskOptions retries(int times, Class<? extends Throwable>... exceptions) {
    Checks.notNegative(times, "retries");
    List<Class<? extends Throwable>> on = List.of(exceptions);
    return new TaskOptions(
        this,
        o -> {
          o.retries = times;
          o.retryOn = on;
        });
  }

  /** The time from submission within which the task's ref completes. */
  public TaskOptions deadline(Duration time) {
    Checks.positive(time, "deadline");
    return new TaskOptions(this, o -> o.deadline = time);
  }

  /**
   * The task has a worker process of its own, which starts for it and ends with it; each further
   * attempt gets another process. Without {@link LocalOptions#processes} it runs in this JVM as any
   * other, and the JVM options have no effect.
   *
   * @param jvmOptions of that process, as in {@code isolated("-Xmx2g")}; they come after those of
   *     {@link LocalOptions#jvmOptions}. With none it may be a process that is running already and
   *     has nothing to do, so that the task starts faster
   */
  public TaskOptions isolated(String... jvmOptions) {
    List<String> options = Checks.jvmOptions(jvmOptions);
    return at(Where.ISOLATED, options);
  }

  /**
   * Tasks with this option are handed to all worker processes in turn, as those have room, also
   * where they are submitted in a worker; the ones that do not run yet are started for it.
   */
  public TaskOptions spread() {
    return at(Where.SPREAD, List.of());
  }

  /** The task goes to the worker process that has the most tasks and still room for it. */
  public TaskOptions pack() {
    return at(Where.PACKED, List.of());
  }

  private TaskOptions at(Where place, List<String> options) {
    return new TaskOptions(
        this,
        o -> {
          o.where = place;
          o.jvmOptions = options;
        });
  }

  /** The name, or null. */
  public @Nullable String name() {
    return name;
  }

  /** The CPUs. */
  public double cpus() {
    return cpus;
  }

  /** The custom resources. */
  public Map<String, Double> resources() {
    return resources;
  }

  /** The retries. */
  public int retries() {
    return retries;
  }

  /** The exceptions that retries cover. */
  public List<Class<? extends Throwable>> retryOn() {
    return retryOn;
  }

  /** The deadline, or null. */
  public @Nullable Duration deadline() {
    return deadline;
  }

  /** In which process it runs. */
  public Where where() {
    return where;
  }

  /** The options of the JVM of an isolated task. */
  public List<String> jvmOptions() {
    return jvmOptions;
  }
}
