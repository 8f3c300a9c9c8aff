package dev.manta.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lock-free pieces; and mutants, which show that such tests can fail. */
class StressTest {
  private static final String ENGINE = "dev.manta.engine";
  private static final String CLUSTER = "dev.manta.cluster";
  private static final String MUTANTS = "dev.manta.mutants";

  private static Jcstress run;

  @BeforeAll
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  static void run() throws Exception {
    run = Jcstress.run();
  }

  /** CONTRACT 1, 2, 4, 5, 6, 8 and 10, as each test's outcomes say. */
  @Test
  void engine_hasNoForbiddenOutcome() {
    assertThat(Jcstress.of(ENGINE, run.failed())).as(run.report()).isEmpty();
  }

  /** CONTRACT 1 and 4 between processes. */
  @Test
  void cluster_hasNoForbiddenOutcome() {
    assertThat(Jcstress.of(CLUSTER, run.failed())).as(run.report()).isEmpty();
  }

  /** A run that has left tests out would say nothing of them. */
  @Test
  void allAreTested() {
    Set<String> ran = new TreeSet<>(run.passed());
    ran.addAll(run.failed());
    assertThat(ran).as(run.report())
        .hasSizeGreaterThan(40)
        .containsAll(Jcstress.testsOf(ENGINE))
        .containsAll(Jcstress.testsOf(CLUSTER));
  }

  /** A run that does not find well-known mistakes would say nothing of others. */
  @Test
  void mutants_areFound() {
    assertThat(Jcstress.of(MUTANTS, run.failed())).as(run.report())
        .isNotEmpty()
        .isEqualTo(Jcstress.testsOf(MUTANTS));
  }
}
