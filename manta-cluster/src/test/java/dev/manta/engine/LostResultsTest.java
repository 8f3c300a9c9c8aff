package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.TaskOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** CONTRACT 9: results that are lost before their reader has mapped them. */
class LostResultsTest {
  private static final AtomicInteger RUNS = new AtomicInteger();
  private static final int LARGE = 200_000;

  private WireNetwork network;
  private Engine driver;

  @BeforeEach
  void start() throws Exception {
    GoldenScenario.latch = new CountDownLatch(1);
    RUNS.set(0);
    network = new WireNetwork();
    driver = network.add(0, false);
    network.add(1, false).peers().join(2);
    network.quiet();
    network.letTimePass();
  }

  @AfterEach
  void close() {
    network.close();
  }

  private static byte[] large() {
    RUNS.incrementAndGet();
    byte[] bytes = new byte[LARGE];
    bytes[0] = (byte) Manta.attempt();
    return bytes;
  }

  @Test
  void resultOfATaskWithRetries_isRecomputed() {
    network.memory.loses = 2;

    byte[] result = driver.submit(TaskOptions.DEFAULT.retries(2), LostResultsTest::large).get();

    assertThat(result).hasSize(LARGE).startsWith((byte) 3);
    assertThat(RUNS).hasValue(3);
  }

  @Test
  void resultOfATaskWithoutRetries_isLost_andSaysWhy() {
    network.memory.loses = 1;
    ObjectRef<byte[]> lost = driver.submit(LostResultsTest::large);

    OutcomeUnknownException e = catchThrowableOfType(OutcomeUnknownException.class, lost::get);

    assertThat(e.reason()).isEqualTo(Reason.OBJECT_LOST);
    assertThat(e).hasMessageContaining("its result is lost").hasMessageContaining("was lost");
    assertThat(RUNS).hasValue(1);
  }

  @Test
  void retries_bound_theRecomputations() {
    network.memory.loses = 100;
    ObjectRef<byte[]> lost =
        driver.submit(TaskOptions.DEFAULT.retries(2), LostResultsTest::large);

    OutcomeUnknownException e = catchThrowableOfType(OutcomeUnknownException.class, lost::get);

    assertThat(e.reason()).isEqualTo(Reason.OBJECT_LOST);
    assertThat(RUNS).hasValue(3);
  }

  @Test
  void dependency_isRecomputedBeforeWhatNeedsIt() {
    network.memory.loses = 1;
    ObjectRef<byte[]> first =
        driver.submit(TaskOptions.DEFAULT.retries(1), LostResultsTest::large);

    ObjectRef<Integer> second = driver.submit(() -> first.get().length + first.get()[0]);

    assertThat(second.get()).isEqualTo(LARGE + 2);
  }

  @Test
  void lostDependency_failsWhatNeedsIt_notExecuted() {
    network.memory.loses = 1;
    ObjectRef<byte[]> first = driver.submit(LostResultsTest::large);
    ObjectRef<Integer> second = driver.submit(() -> first.get().length);

    NotExecutedException e = catchThrowableOfType(NotExecutedException.class, second::get);

    assertThat(e.reason()).isEqualTo(Reason.DEPENDENCY_FAILED);
    assertThat(e.getCause()).isInstanceOf(OutcomeUnknownException.class);
  }

  /** An actor that lives would have the call twice. */
  @Test
  void resultOfACallWithRetries_isNotRecomputed() {
    ActorRef<Maker> maker = driver.actor(Maker::new);
    network.memory.loses = 1;
    ObjectRef<byte[]> lost =
        maker.with(CallOptions.DEFAULT.retries(2)).call(Maker::make);

    OutcomeUnknownException e = catchThrowableOfType(OutcomeUnknownException.class, lost::get);

    assertThat(e.reason()).isEqualTo(Reason.OBJECT_LOST);
    assertThat(RUNS).hasValue(1);
  }

  /** An actor. */
  static final class Maker {
    byte[] make() {
      return large();
    }
  }
}
