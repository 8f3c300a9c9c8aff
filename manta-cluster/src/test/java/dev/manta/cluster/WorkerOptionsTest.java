package dev.manta.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ContextPropagator;
import dev.manta.LocalOptions;
import dev.manta.runtime.codec.KryoCodec;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The options of a Manta on their way to its workers. */
class WorkerOptionsTest {
  /** What only the process that starts the others needs. */
  private static final Set<String> OF_THE_DRIVER =
      Set.of(
          "local", "processes", "jvmOptions", "idleTime", "hashCode", "toString", "getClass",
          "propagators");

  private static final LocalOptions ALL_SET =
      LocalOptions.local()
          .cpus(2.5)
          .resource("gpu", 2)
          .resource("license", 0.25)
          .stallThreshold(Duration.ofMillis(123))
          .monitorDeadlockTimeout(Duration.ofSeconds(45, 6))
          .cancelGrace(Duration.ofDays(7))
          .silence(Duration.ofSeconds(16))
          .maxTaskThreads(8)
          .maxPendingTasks(9);

  @Test
  void everyOptionArrives() throws Exception {
    LocalOptions read = WorkerOptions.read(new KryoCodec(), WorkerOptions.write(ALL_SET));

    for (Method option : options()) {
      assertThat(option.invoke(ALL_SET))
          .as(option.getName() + " is set to another value than the default by this test")
          .isNotEqualTo(option.invoke(LocalOptions.local()));
      assertThat(option.invoke(read)).as(option.getName()).isEqualTo(option.invoke(ALL_SET));
    }
  }

  private static List<Method> options() {
    return Arrays.stream(LocalOptions.class.getMethods())
        .filter(m -> m.getParameterCount() == 0 && m.getReturnType() != void.class)
        .filter(m -> !OF_THE_DRIVER.contains(m.getName()))
        .toList();
  }

  @Test
  void propagatorsArrive() {
    LocalOptions options = LocalOptions.local().propagate(new Tag("a")).propagate(new Tag("b"));

    LocalOptions read = WorkerOptions.read(new KryoCodec(), WorkerOptions.write(options));

    assertThat(read.propagators()).hasToString("[Tag[name=a], Tag[name=b]]");
  }

  @Test
  void optionsThatAreTooLongAreRefused() {
    LocalOptions options = LocalOptions.local().propagate(new Tag("x".repeat(2_000_000)));

    assertThatThrownBy(() -> WorkerOptions.write(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 1000000 are allowed");
  }

  private record Tag(String name) implements ContextPropagator<String> {
    @Override
    public String capture() {
      return name;
    }

    @Override
    public void run(String context, Runnable body) {
      body.run();
    }
  }
}
