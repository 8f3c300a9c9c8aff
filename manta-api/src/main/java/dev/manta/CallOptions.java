package dev.manta;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Options of single calls: {@code counter.with(CallOptions.DEFAULT.deadline(Duration.ofSeconds(1)))
 * .call(c -> c.add(5))}. An immutable value; what is not set is the actor's to say.
 */
public final class CallOptions {
  /** Nothing set. */
  public static final CallOptions DEFAULT = new CallOptions();

  private @Nullable String group;
  private @Nullable Duration deadline;
  private int retries = -1;
  private List<Class<? extends Throwable>> retryOn = List.of();
  private @Nullable WhenFull whenFull;

  private CallOptions() {}

  private CallOptions(CallOptions from, Consumer<CallOptions> change) {
    group = from.group;
    deadline = from.deadline;
    retries = from.retries;
    retryOn = from.retryOn;
    whenFull = from.whenFull;
    change.accept(this);
    java.lang.invoke.VarHandle.storeStoreFence();
  }

  /** The concurrency group in which the calls run. */
  public CallOptions group(String name) {
    Checks.name(name, "group");
    return new CallOptions(this, o -> o.group = name);
  }

  /** The time from submission within which a call's ref completes. */
  public CallOptions deadline(Duration time) {
    Checks.positive(time, "deadline");
    return new CallOptions(this, o -> o.deadline = time);
  }

  /**
   * How often a call is run again after its actor died under it or it threw one of {@code
   * exceptions}; deaths and exceptions share the count. No exceptions named: deaths alone.
   */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final CallOptions retries(int times, Class<? extends Throwable>... exceptions) {
    Checks.notNegative(times, "retries");
    List<Class<? extends Throwable>> on = List.of(exceptions);
    return new CallOptions(
        this,
        o -> {
          o.retries = times;
          o.retryOn = on;
        });
  }

  /** What happens where the actor has its limit of pending calls. */
  public CallOptions whenFull(WhenFull policy) {
    Objects.requireNonNull(policy, "policy");
    return new CallOptions(this, o -> o.whenFull = policy);
  }

  /** The concurrency group, or null for the method's default. */
  public @Nullable String group() {
    return group;
  }

  /** The deadline, or null. */
  public @Nullable Duration deadline() {
    return deadline;
  }

  /** The retries, or -1 for the actor's. */
  public int retries() {
    return retries;
  }

  /** The exceptions that retries cover. */
  public List<Class<? extends Throwable>> retryOn() {
    return retryOn;
  }

  /** The policy, or null for the actor's. */
  public @Nullable WhenFull whenFull() {
    return whenFull;
  }
}
