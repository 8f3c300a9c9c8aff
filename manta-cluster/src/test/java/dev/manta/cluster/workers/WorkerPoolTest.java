package dev.manta.cluster.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pool with processes that are quick to start, and with a time of its own. */
final class WorkerPoolTest {
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration GRACE = Duration.ofSeconds(11);

  @TempDir
  Path temporary;

  private final ManualSchedule schedule = new ManualSchedule();
  private final LinkedBlockingQueue<Worker> launched = new LinkedBlockingQueue<>();
  private volatile List<String> command = List.of("cat");
  private volatile List<String> ownCommand = List.of("cat");
  private RunDirectory run;
  private WorkerPool pool;

  @BeforeEach
  void open() {
    run = RunDirectory.below(temporary.resolve("base"));
    pool = pool(1, 5);
  }

  private WorkerPool pool(int wanted, int most) {
    return pool(wanted, most, most);
  }

  private WorkerPool pool(int wanted, int most, int mostStarting) {
    return pool(wanted, most, mostStarting, Duration.ZERO);
  }

  private WorkerPool pool(int wanted, int most, int mostStarting, Duration firstSpareDelay) {
    var settings =
        new PoolSettings(wanted, most, mostStarting, IDLE, START, GRACE, firstSpareDelay);
    return new WorkerPool(run, settings, this::launch, schedule);
  }

  private Worker launch(int number, List<String> jvmOptions) throws IOException {
    var words = jvmOptions.isEmpty() ? command : ownCommand;
    var worker = Worker.start(number, new ProcessBuilder(words), List.of(() -> new byte[0]), run);
    launched.add(worker);
    return worker;
  }

  @AfterEach
  void close() {
    pool.close(Waits.LIMIT);
  }

  /** The next worker that the pool starts. */
  private Worker nextLaunched() throws InterruptedException {
    var worker = launched.poll(Waits.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    assertThat(worker).isNotNull();
    return worker;
  }

  private Worker nextReady() throws InterruptedException {
    var worker = nextLaunched();
    pool.ready(worker.number());
    return worker;
  }

  private void end(Worker worker) throws Exception {
    int before = Waits.get(pool.size());
    Workers.signal("KILL", worker.pid());
    Waits.get(worker.onExit());
    Waits.until("the pool knows", Waits.LIMIT, () -> pool.size().join() < before);
  }

  @Test
  void nothingIsStarted_beforeItIsNeeded() throws Exception {
    schedule.advance(IDLE);

    assertThat(launched).isEmpty();
  }

  @Test
  void firstSpare_waitsUntilTheFirstWorkerHasHadTheCores() throws Exception {
    pool = pool(1, 5, 5, Duration.ofMillis(200));
    var taken = pool.take();
    var worker = nextReady();
    Waits.get(taken);

    schedule.awaitDelay(Duration.ofMillis(200));
    assertThat(Waits.get(pool.size())).isEqualTo(1);

    schedule.advance(Duration.ofMillis(200));
    assertThat(nextLaunched().number()).isGreaterThan(worker.number());
  }

  @Test
  void take_givesWorkerOnceItIsReady_andSpareIsStartedThen() throws Exception {
    var taken = pool.take();
    var first = nextLaunched();
    schedule.settle();
    assertThat(taken).isNotDone();
    assertThat(launched).isEmpty();

    pool.ready(first.number());

    assertThat(Waits.get(taken)).isSameAs(first);
    assertThat(nextLaunched().number()).isEqualTo(2);
    schedule.settle();
    assertThat(launched).isEmpty();
  }

  @Test
  void noMoreStartAtATimeThanTheCoresCanServe() throws Exception {
    pool = pool(3, 5, 1);
    var first = pool.take();
    var second = pool.take();
    var one = nextLaunched();
    schedule.settle();
    assertThat(launched).isEmpty();

    pool.ready(one.number());

    assertThat(Waits.get(first)).isSameAs(one);
    var two = nextLaunched();
    schedule.settle();
    assertThat(launched).isEmpty();
    pool.ready(two.number());
    assertThat(Waits.get(second)).isSameAs(two);
  }

  @Test
  void spare_takesThePlaceOfWorkerThatDied() throws Exception {
    var taken = pool.take();
    var first = nextReady();
    Waits.get(taken);
    var spare = nextReady();
    end(first);

    var again = pool.take();

    assertThat(Waits.get(again)).isSameAs(spare);
    schedule.awaitDelay(StartHistory.FIRST_DELAY);
    schedule.advance(StartHistory.FIRST_DELAY);
    assertThat(nextLaunched().number()).isEqualTo(3);
  }

  @Test
  void workersThatDieAtStart_areTriedMoreAndMoreSlowly_thenGivenUp() throws Exception {
    command = List.of("sh", "-c", "echo no luck; exit 5");
    var taken = pool.take();
    schedule.awaitDelay(Duration.ofMillis(100));
    assertThat(launched).hasSize(1);
    schedule.advance(Duration.ofMillis(99));
    assertThat(launched).hasSize(1);
    schedule.advance(Duration.ofMillis(1));
    schedule.awaitDelay(Duration.ofMillis(200));
    assertThat(launched).hasSize(2);

    schedule.advance(Duration.ofMillis(200));

    assertThatThrownBy(() -> Waits.get(taken)).isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(WorkerStartException.class)
        .hasMessageContainingAll("3 in a row", "worker 1", "worker 2", "worker 3")
        .hasMessageContainingAll("exit code 5", "no luck");
    schedule.advance(Duration.ofHours(1));
    assertThat(launched).hasSize(3);
  }

  @Test
  void poolThatGaveUp_triesAgainForWhoNeedsOne() throws Exception {
    command = List.of("no such command");
    var failed = pool.take();
    schedule.awaitDelay(Duration.ofMillis(100));
    schedule.advance(Duration.ofMillis(100));
    schedule.awaitDelay(Duration.ofMillis(200));
    schedule.advance(Duration.ofMillis(200));
    assertThatThrownBy(() -> Waits.get(failed)).rootCause()
        .isInstanceOf(WorkerStartException.class);
    command = List.of("cat");

    var taken = pool.take();

    schedule.awaitDelay(Duration.ofMillis(400));
    schedule.advance(Duration.ofMillis(400));
    var worker = nextReady();
    assertThat(Waits.get(taken)).isSameAs(worker);
    assertThat(worker.number()).isEqualTo(4);
  }

  @Test
  void delays_endAtTenSeconds_whenReadyWorkersDieAgainAndAgain() throws Exception {
    var delays = new ArrayList<Duration>();
    for (var delay = Duration.ofMillis(100); delays.size() < 9; delay = delay.multipliedBy(2)) {
      delays.add(delay.toSeconds() < 10 ? delay : Duration.ofSeconds(10));
    }
    pool = pool(1, 1);
    var taken = pool.take();
    for (var delay : delays) {
      var worker = nextReady();
      Waits.get(taken);
      end(worker);
      schedule.awaitDelay(delay);
      schedule.advance(delay);
      taken = pool.take();
    }
    assertThat(delays).endsWith(Duration.ofSeconds(10), Duration.ofSeconds(10));
  }

  @Test
  void workerThatIsNotReadyInTime_isEnded() throws Exception {
    var _ = pool.take();
    var worker = nextLaunched();
    schedule.awaitDelay(START);

    schedule.advance(START);

    assertThat(Waits.get(worker.onExit()).signal()).contains("SIGKILL");
    schedule.awaitDelay(StartHistory.FIRST_DELAY);
  }

  @Test
  void surplus_endsAfterItsTime_exceptTheSpare() throws Exception {
    var workers = new ArrayList<Worker>();
    for (int i = 0; i < 3; i++) {
      var taken = pool.take();
      if (i == 0) {
        nextReady();
      }
      workers.add(Waits.get(taken));
      nextReady(); // the spare
    }

    workers.forEach(pool::giveBack);
    schedule.awaitDelay(IDLE);
    schedule.advance(IDLE);

    Waits.until("two end", Waits.LIMIT,
        () -> workers.stream().filter(Worker::isAlive).count() == 1);
    schedule.advance(IDLE);
    assertThat(launched).isEmpty();
  }

  @Test
  void take_waitsWhileTheMostAreInUse() throws Exception {
    pool = pool(1, 1);
    var taken = pool.take();
    var worker = nextReady();
    Waits.get(taken);
    var cancelled = pool.take();
    var second = pool.take();
    cancelled.cancel(false);
    schedule.settle();
    assertThat(second).isNotDone();

    pool.giveBack(worker);

    assertThat(Waits.get(second)).isSameAs(worker);
    assertThat(launched).isEmpty();
  }

  @Test
  void ownWorker_isStartedForWhoAsks_andEndsWhenHeSaysSo() throws Exception {
    var own = new CompletableFuture<Worker>();
    pool.takeOwn(own, List.of("-Xmx1g"));
    var worker = nextReady();
    assertThat(Waits.get(own)).isSameAs(worker);
    schedule.settle();
    assertThat(launched).as("no spare for it").isEmpty();

    pool.end(worker);

    Waits.get(worker.onExit());
    Waits.until("the pool knows", Waits.LIMIT, () -> pool.size().join() == 0);
  }

  @Test
  void ownWorkersThatDieAtStart_failForThemselvesAlone() throws Exception {
    ownCommand = List.of("sh", "-c", "echo bad option; exit 1");
    var own = new CompletableFuture<Worker>();
    pool.takeOwn(own, List.of("-bad"));
    schedule.awaitDelay(Duration.ofMillis(100));
    schedule.advance(Duration.ofMillis(100));
    schedule.awaitDelay(Duration.ofMillis(200));
    schedule.advance(Duration.ofMillis(200));

    assertThatThrownBy(() -> Waits.get(own)).cause()
        .isInstanceOf(WorkerStartException.class)
        .hasMessageContainingAll("3 in a row", "bad option");
    launched.clear();
    var other = pool.take();
    var ready = nextReady();
    assertThat(Waits.get(other)).isSameAs(ready);
  }

  @Test
  void takenWorkerThatIsEnded_isReplacedByTheSpare() throws Exception {
    var taken = pool.take();
    var first = nextReady();
    Waits.get(taken);
    var spare = nextReady();

    pool.end(first);

    Waits.get(first.onExit());
    assertThat(Waits.get(pool.take())).isSameAs(spare);
  }

  @Test
  void close_endsAllAndRemovesTheFolder() throws Exception {
    try (var console = Console.open()) {
      var taken = pool.take();
      var first = nextReady();
      Waits.get(taken);
      command = List.of("sh", "-c", "trap '' TERM; echo trapped; while true; do read x; done");
      var waiting = List.of(pool.take(), pool.take());
      nextLaunched(); // the spare
      var stubborn = nextLaunched();
      console.await(" trapped");

      pool.close(Duration.ofMillis(50));

      assertThat(waiting).allSatisfy(
          future -> assertThatThrownBy(() -> Waits.get(future)).rootCause()
              .hasMessageContaining("closed"));
      assertThat(first.isAlive()).isFalse();
      assertThat(Waits.get(stubborn.onExit()).signal()).contains("SIGKILL");
      assertThat(run.path()).doesNotExist();
    }
  }

  /** A JVM that is told to end while it starts prints errors, and has nothing to drain. */
  @Test
  void close_killsWhoIsNotReady_andHasTheOthersDrain() throws Exception {
    var taken = pool.take();
    var ready = nextReady();
    Waits.get(taken);
    var starting = nextLaunched();

    pool.close(Waits.LIMIT);

    assertThat(Waits.get(ready.onExit()).signal()).contains("SIGTERM");
    assertThat(Waits.get(starting.onExit()).signal()).contains("SIGKILL");
  }

  @Test
  void jvms_areStartedAndDrained() throws Exception {
    pool = WorkerPool.open(
        run,
        WorkerCommand.of(run, 16L << 30, 2, List.of()),
        TestProgram.class,
        () -> Workers.SECRET,
        () -> "word".getBytes(StandardCharsets.UTF_8),
        () -> "hello".getBytes(StandardCharsets.UTF_8),
        PoolSettings.of(1),
        schedule);
    try (var console = Console.open()) {
      var taken = pool.take();
      console.await(" ready");
      pool.ready(1);
      var worker = Waits.get(taken);

      pool.close();

      assertThat(Waits.get(worker.onExit()).lastLines())
          .contains("word hello")
          .endsWith("draining", "drained");
    }
  }
}
