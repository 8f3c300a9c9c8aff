package dev.manta.behaviours.support;

import dev.manta.LocalOptions;
import dev.manta.Manta;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a Manta of its own with four CPUs and a {@code "gpu"}, and afterwards checks what
 * must hold after every test: all that was taken is given back, no task is left, and it closes.
 */
public final class WithManta implements ParameterResolver, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(WithManta.class);

  /** The options of the Manta that tests are given. */
  public static LocalOptions options() {
    return LocalOptions.local().cpus(4).resource("gpu", 2);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == Manta.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    return test.getStore(NAMESPACE)
        .computeIfAbsent(Manta.class, key -> Manta.start(options()), Manta.class);
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
