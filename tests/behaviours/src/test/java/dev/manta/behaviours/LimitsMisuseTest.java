package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorOptions;
import dev.manta.ActorPool;
import dev.manta.CallOptions;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.RemoteQueue;
import dev.manta.TaskOptions;
import dev.manta.behaviours.support.WithManta;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Misuse, "negative or zero limits": refused where the options are made. */
@ExtendWith(WithManta.class)
class LimitsMisuseTest {
  private static final LocalOptions LOCAL = LocalOptions.local();
  private static final ActorOptions ASYNC = ActorOptions.async();

  private static Arguments of(String name, Consumer<Integer> use) {
    return Arguments.of(name, use);
  }

  static Stream<Arguments> positive() {
    return Stream.of(
        of("maxConcurrency", n -> ASYNC.maxConcurrency(n)),
        of("threaded", n -> ActorOptions.threaded(n)),
        of("group", n -> ASYNC.group("io", n)),
        of("maxPendingCalls", n -> ASYNC.maxPendingCalls(n)),
        of("maxPendingBytes", n -> ASYNC.maxPendingBytes(n)),
        of("streamBuffer", n -> ASYNC.streamBuffer(n)),
        of("maxBuffered", n -> ASYNC.maxBuffered(n)),
        of("maxTaskThreads", n -> LOCAL.maxTaskThreads(n)),
        of("callsPerActor", n -> ActorPool.of(List.of(), n)),
        of("LocalOptions.cpus", n -> LOCAL.cpus(n)),
        of("startDeadline", n -> ASYNC.startDeadline(Duration.ofSeconds(n))),
        of("CallOptions.deadline", n -> CallOptions.DEFAULT.deadline(Duration.ofSeconds(n))),
        of("TaskOptions.deadline", n -> TaskOptions.DEFAULT.deadline(Duration.ofSeconds(n))),
        of("stallThreshold", n -> LOCAL.stallThreshold(Duration.ofSeconds(n))),
        of("monitorDeadlockTimeout", n -> LOCAL.monitorDeadlockTimeout(Duration.ofSeconds(n))),
        of("cancelGrace", n -> LOCAL.cancelGrace(Duration.ofSeconds(n))));
  }

  static Stream<Arguments> notNegative() {
    return Stream.of(
        of("maxRestarts", n -> ASYNC.maxRestarts(n)),
        of("ActorOptions.retries", n -> ASYNC.retries(n)),
        of("CallOptions.retries", n -> CallOptions.DEFAULT.retries(n)),
        of("TaskOptions.retries", n -> TaskOptions.DEFAULT.retries(n)),
        of("ActorOptions.cpus", n -> ASYNC.cpus(n)),
        of("TaskOptions.cpus", n -> TaskOptions.DEFAULT.cpus(n)),
        of("ActorOptions.resource", n -> ASYNC.resource("gpu", n)),
        of("TaskOptions.resource", n -> TaskOptions.DEFAULT.resource("gpu", n)),
        of("LocalOptions.resource", n -> LOCAL.resource("gpu", n)));
  }

  /** A12, CONTRACT 6, negative or zero limits. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("positive")
  void limitOfZeroOrLess_isRefused(String name, Consumer<Integer> use) {
    for (int wrong : new int[]{0, -1, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> use.accept(wrong))
          .as(name + "(" + wrong + ")")
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageMatching("(?s).*(must|more|longer).*");
    }
  }

  /** Negative limits; zero is right. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("notNegative")
  void negativeAmount_isRefused(String name, Consumer<Integer> use) {
    use.accept(0);

    for (int wrong : new int[]{-1, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> use.accept(wrong))
          .as(name + "(" + wrong + ")")
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(name.substring(name.indexOf('.') + 1).equals("resource")
              ? "gpu"
              : name.substring(name.indexOf('.') + 1));
    }
  }

  /** No numbers. */
  @Test
  void amountsThatAreNoNumbers_areRefused() {
    List<DoubleFunction<Object>> uses =
        List.of(
            LOCAL::cpus,
            ASYNC::cpus,
            TaskOptions.DEFAULT::cpus,
            d -> ASYNC.resource("gpu", d),
            d -> TaskOptions.DEFAULT.resource("gpu", d),
            d -> LOCAL.resource("gpu", d));

    for (DoubleFunction<Object> use : uses) {
      for (double wrong : new double[]{Double.NaN, Double.POSITIVE_INFINITY, -0.1}) {
        assertThatThrownBy(() -> use.apply(wrong)).isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  /** Blank names. */
  @Test
  void blankNames_areRefused() {
    List<Function<String, Object>> uses =
        List.of(
            ASYNC::name,
            TaskOptions.DEFAULT::name,
            CallOptions.DEFAULT::group,
            n -> ASYNC.group(n, 1),
            n -> ASYNC.resource(n, 1),
            n -> TaskOptions.DEFAULT.resource(n, 1),
            n -> LOCAL.resource(n, 1));

    for (Function<String, Object> use : uses) {
      assertThatThrownBy(() -> use.apply(" "))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("blank");
    }
  }

  /** "cpu" has an option of its own. */
  @Test
  void cpuAsACustomResource_isRefused() {
    assertThatThrownBy(() -> LOCAL.resource("cpu", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cpus(");
  }

  /** A queue's capacity, and negative times. */
  @Test
  void queueOfNoCapacity_andNegativeTimes_areRefused(Manta manta) {
    RemoteQueue<String> queue = RemoteQueue.create(manta, 1);
    ActorPool<String, String> pool = ActorPool.of(List.of());
    Duration past = Duration.ofNanos(-1);

    assertThatThrownBy(() -> RemoteQueue.create(manta, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RemoteQueue.create(manta, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> queue.poll(past)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> queue.offer("", past)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pool.next(past)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pool.nextUnordered(past))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Manta.sleep(past)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> manta.close(past)).isInstanceOf(IllegalArgumentException.class);
  }
}
