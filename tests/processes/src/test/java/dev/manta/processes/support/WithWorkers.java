package dev.manta.processes.support;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.TaskOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a Manta of its own with worker processes, two of them by default, and afterwards
 * checks what must hold after every test: all that was taken is given back, no task is left, it
 * closes, and no process and no file of it stays. Tests that {@linkplain #kept keep} it close it
 * after the last of them.
 */
public final class WithWorkers
    implements ParameterResolver, AfterEachCallback, AfterAllCallback {
  private static final Namespace NAMESPACE = Namespace.create(WithWorkers.class);
  private static final Path BASE = Workers.base();

  /** So long it is looked whether a test has left nothing; a new Manta takes about as long. */
  private static final Duration UNTIL_ALL_IS_FREED = Duration.ofSeconds(1);

  private final LocalOptions options;
  private final boolean keeps;

  /** What the test before has left for the next; null if it is to be started. */
  private @Nullable Given kept;

  /** A Manta, and the worker processes that it had when all of them took work. */
  private record Given(Manta manta, List<ProcessHandle> processes) {
    static Given start(LocalOptions options) {
      Manta manta = awaitAll(Manta.start(options));
      return new Given(manta, Workers.own());
    }

    /** Whether the next test finds all of them, and no actor. */
    boolean isAsNew() {
      long endNs = System.nanoTime() + UNTIL_ALL_IS_FREED.toNanos();
      while (allRun() && !manta.stats().actors().isEmpty() && System.nanoTime() - endNs < 0) {
        System.gc();
        collectInWorkers();
        LockSupport.parkNanos(1_000_000);
      }
      return manta.stats().actors().isEmpty() && allRun();
    }

    private boolean allRun() {
      return processes.stream().allMatch(Workers::runs);
    }

    private void collectInWorkers() {
      List<ObjectRef<Integer>> all =
          processes.stream()
              .map(p -> manta.submit(TaskOptions.DEFAULT.spread(), WithWorkers::collect))
              .toList();
      all.forEach(Ends::value);
    }
  }

  private static int collect() {
    System.gc();
    return 0;
  }

  /** With two workers. */
  public WithWorkers() {
    this(2);
  }

  /** With so many workers. */
  public WithWorkers(int workers) {
    this(options(workers), false);
  }

  private WithWorkers(LocalOptions options, boolean keeps) {
    this.options = options;
    this.keeps = keeps;
  }

  /** For tests that end no process, most of them: each is given what the one before leaves as new. */
  public static WithWorkers kept(LocalOptions options) {
    return new WithWorkers(options, true);
  }

  /** With so many workers, for such tests. */
  public static WithWorkers kept(int workers) {
    return kept(options(workers));
  }

  /** Options for workers that start quickly. */
  public static LocalOptions options(int workers) {
    return LocalOptions.local()
        .cpus(workers)
        .processes(workers)
        .jvmOptions("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == Manta.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    return test.getStore(NAMESPACE)
        .computeIfAbsent(Given.class, key -> take(), Given.class).manta;
  }

  private Given take() {
    Given given = kept == null ? Given.start(options) : kept;
    kept = null;
    return given;
  }

  /** A Manta all of whose workers take work: so actors are spread over them. */
  public static Manta start(int workers) {
    return awaitAll(Manta.start(options(workers)));
  }

  /** Has all workers of a Manta, which has one for each CPU, start; returns when they take work. */
  public static Manta awaitAll(Manta manta) {
    Map<String, Double> offered = manta.stats().resources();
    int workers = offered.get("cpu").intValue();
    Limits.until("all workers", () -> processes(manta, workers) == workers);
    Limits.until("an answer of each", () -> manta.stats().free().equals(offered));
    return manta;
  }

  /** In how many processes as many spread actors are. */
  private static long processes(Manta manta, int actors) {
    List<ActorRef<Victim>> spread =
        Stream.generate(() -> manta.<Victim>actor(ActorOptions.async().spread(), Victim::new))
            .limit(actors)
            .toList();
    Set<Integer> processes = new HashSet<>();
    spread.forEach(
        actor -> processes.add(actor.<Integer>call(v -> Manta.current().process()).get()));
    spread.forEach(manta::kill);
    return processes.size();
  }

  @Override
  public void afterEach(ExtensionContext test) {
    Given given = test.getStore(NAMESPACE).remove(Given.class, Given.class);
    if (given != null) {
      try {
        if (test.getExecutionException().isEmpty()) {
          checkAllGivenBack(given.manta);
          kept = keeps && given.isAsNew() ? given : null;
        }
      } finally {
        if (kept == null) {
          given.manta.close();
        }
      }
    }
    if (kept == null) {
      checkNothingLeft();
    }
  }

  @Override
  public void afterAll(ExtensionContext tests) {
    if (kept != null) {
      kept.manta.close();
    }
    checkNothingLeft();
  }

  /** Fails unless the tasks end and every resource that no live actor holds is given back. */
  public static void checkAllGivenBack(Manta manta) {
    Limits.until(
        "no task left",
        () -> manta.stats().tasksRunning() == 0 && manta.stats().tasksQueued() == 0);
    Map<String, Double> offered = manta.stats().resources();
    Limits.until(
        "nothing taken of " + offered,
        () -> !manta.stats().actors().isEmpty() || manta.stats().free().equals(offered));
  }

  /** Fails unless the processes and files of this process's workers go. */
  public static void checkNothingLeft() {
    Limits.until("no worker process left", () -> Workers.own().isEmpty());
    long self = ProcessHandle.current().pid();
    for (Path base : List.of(BASE, Workers.memory())) {
      Limits.until("no file left below " + base, () -> Workers.files(base, self).isEmpty());
    }
  }
}
