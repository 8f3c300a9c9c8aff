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

  private TaskOptions() {}

  private TaskOptions(TaskOptions from, Consumer<TaskOptions> change) {
    name = from.name;
    cpus = from.cpus;
    resources = from.resources;
    retries = from.retries;
    retryOn = from.retryOn;
    deadline = from.deadline;
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
}
