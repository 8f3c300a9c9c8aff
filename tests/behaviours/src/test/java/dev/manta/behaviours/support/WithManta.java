package dev.manta.behaviours.support;

import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.TaskOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a Manta of its own with four CPUs and a {@code "gpu"}, and afterwards checks what
 * must hold after every test: all that was taken is given back, no task is left, and it closes (where
 * it has worker processes: or the next test finds it as new).
 */
public final class WithManta implements ParameterResolver, AfterEachCallback, AfterAllCallback {
  private static final Namespace NAMESPACE = Namespace.create(WithManta.class);

  /** Whether the tests run in worker processes, which take a second to start. */
  private static final boolean WORKERS = Boolean.getBoolean("dev.manta.behaviours.workers");

  /** Collections so often find what tests have left behind. */
  private static final String[] JVM_OPTIONS = {"-Xmx512m", "-XX:G1PeriodicGCInterval=100"};

  /** A new Manta takes about as long. */
  private static final Duration UNTIL_ALL_IS_FREED = Duration.ofSeconds(1);

  /** What the last test has left as it was given to it; null if it is to be started. */
  private static Manta kept;

  private final boolean forManyTests;

  /** Each test finds no actor of the one before. */
  public WithManta() {
    this(false);
  }

  private WithManta(boolean forManyTests) {
    this.forManyTests = forManyTests;
  }

  /** For many tests whose calls and tasks are all they ask for: actors of others may be left. */
  public static WithManta forManyTests() {
    return new WithManta(true);
  }

  /** The options of the Manta that tests are given. */
  public static LocalOptions options() {
    return LocalOptions.local().cpus(4).resource("gpu", 2).jvmOptions(JVM_OPTIONS);
  }

  private static synchronized Manta take() {
    Manta manta = kept == null ? Manta.start(options()) : kept;
    kept = null;
    return manta;
  }

  /** Keeps worker processes for the next test, if nothing is left of this one. */
  private static synchronized void keepOrClose(Manta manta, boolean mayKeep) {
    if (mayKeep && WORKERS) {
      kept = manta;
    } else {
      manta.close();
    }
  }

  private static boolean isFree(Manta manta) {
    if (!WORKERS) {
      return false; // a new one takes no time
    }
    long endNs = System.nanoTime() + UNTIL_ALL_IS_FREED.toNanos();
    try {
      while (!manta.stats().actors().isEmpty()) {
        if (System.nanoTime() - endNs > 0) {
          return false;
        }
        System.gc();
        collectInWorkers(manta);
        for (int i = 0; i < 10 && !manta.stats().actors().isEmpty(); i++) {
          Thread.sleep(1); // until who holds it says so
        }
      }
      return true;
    } catch (IllegalStateException closed) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Of the actors that they hold, before they would by themselves. */
  private static void collectInWorkers(Manta manta) {
    List<ObjectRef<Integer>> all =
        IntStream.range(0, LocalOptions.local().processes())
            .mapToObj(i -> manta.submit(TaskOptions.DEFAULT.spread(), WithManta::collect))
            .toList();
    all.forEach(ObjectRef::get);
  }

  private static int collect() {
    System.gc();
    return 0;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == Manta.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    return test.getStore(NAMESPACE)
        .computeIfAbsent(Manta.class, key -> take(), Manta.class);
  }

  @Override
  public void afterEach(ExtensionContext test) {
    Manta manta = test.getStore(NAMESPACE).remove(Manta.class, Manta.class);
    if (manta != null) {
      boolean passed = test.getExecutionException().isEmpty();
      try {
        if (passed) {
          passed = false;
          checkAllGivenBack(manta);
          passed = true;
        }
      } finally {
        keepOrClose(manta, passed && (forManyTests || isFree(manta)));
      }
    }
  }

  @Override
  public void afterAll(ExtensionContext tests) {
    closeUnlessFree();
  }

  private static synchronized void closeUnlessFree() {
    if (kept != null && !isFree(kept)) {
      kept.close();
      kept = null;
    }
  }

  /** Fails unless the tasks end and every resource that no live actor holds is given back. */
  private static void checkAllGivenBack(Manta manta) {
    Eventually.until(
        "no task left, of " + manta.stats(),
        () -> manta.stats().tasksRunning() == 0 && manta.stats().tasksQueued() == 0);
    Map<String, Double> offered = manta.stats().resources();
    Eventually.until(
        "nothing taken, of " + manta.stats(),
        () -> !manta.stats().actors().isEmpty() || manta.stats().free().equals(offered));
  }
}
