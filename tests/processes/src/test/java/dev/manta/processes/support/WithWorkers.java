package dev.manta.processes.support;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a Manta of its own with worker processes, two of them by default, and afterwards
 * checks what must hold after every test: all that was taken is given back, no task is left, it
 * closes, and no process and no file of it stays.
 */
public final class WithWorkers implements ParameterResolver, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(WithWorkers.class);
  private static final Path BASE = Workers.base();

  private final int workers;

  /** With two workers. */
  public WithWorkers() {
    this(2);
  }

  /** With so many workers. */
  public WithWorkers(int workers) {
    this.workers = workers;
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
        .computeIfAbsent(Manta.class, key -> start(workers), Manta.class);
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
    Manta manta = test.getStore(NAMESPACE).remove(Manta.class, Manta.class);
    if (manta != null) {
      try {
        if (test.getExecutionException().isEmpty()) {
          checkAllGivenBack(manta);
        }
      } finally {
        manta.close();
      }
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
