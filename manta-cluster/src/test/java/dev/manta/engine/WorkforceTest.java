package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.TaskOptions;
import dev.manta.engine.wire.Frames;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many workers a driver has, and that none ends which others wait for. */
final class WorkforceTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static CountDownLatch latch = new CountDownLatch(1);

  private final List<Long> tickets = new CopyOnWriteArrayList<>();
  private final FakeStaff staff = new FakeStaff(2, tickets::add, Duration.ofMinutes(1));

  /** By whose measure who has nothing to do is idle. */
  private final FakeStaff hasty = new FakeStaff(2, tickets::add, Duration.ZERO);

  private WireNetwork network;
  private Engine driver;

  static final class Box implements Serializable {
    private static final long serialVersionUID = 1L;
    final ObjectRef<?> ref;

    Box(ObjectRef<?> ref) {
      this.ref = ref;
    }
  }

  static final class Promise {
    private final CompletableFuture<Integer> kept = new CompletableFuture<>();

    int get() {
      return Manta.await(kept);
    }

    boolean keep() {
      return kept.complete(7);
    }
  }

  @BeforeEach
  void begin() {
    latch = new CountDownLatch(1);
    network = new WireNetwork();
    driver = network.add(0, false);
    driver.peers().begin(staff);
  }

  @AfterEach
  void end() {
    latch.countDown();
    assertThat(network.drops).isEmpty();
    network.close();
  }

  private void worker(int number) throws InterruptedException {
    network.add(number, false).peers().join(1);
    network.quiet();
  }

  private static int blocked() throws InterruptedException {
    latch.await();
    return 7;
  }

  private void endIdle() throws InterruptedException {
    driver.peers().workforce.endIdle(hasty);
    network.quiet();
  }

  private long sent(int type, int to) {
    return network.sent.stream().filter(s -> s.type() == type && s.to() == to).count();
  }

  @Test
  void tasksThatFindNoCpu_haveWorkersStart_upToTheMost() throws Exception {
    assertThat(staff.starts()).isEqualTo(1);
    worker(1);
    List<ObjectRef<Integer>> tasks = new ArrayList<>();
    tasks.add(driver.submit(WorkforceTest::blocked));
    assertThat(staff.starts()).isEqualTo(1);

    for (int i = 0; i < 20; i++) {
      tasks.add(driver.submit(WorkforceTest::blocked));
    }

    assertThat(staff.starts()).isEqualTo(staff.most());
    latch.countDown();
    assertThat(driver.getAll(tasks)).containsOnly(7);
  }

  @Test
  void actors_haveOneWorkerEachStart_andAreSharedOutBeforeTheyRun() throws Exception {
    List<ActorRef<Promise>> actors = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      actors.add(driver.actor(Promise::new));
    }
    assertThat(staff.starts()).isEqualTo(2);

    worker(1);
    worker(2);

    assertThat(sent(Frames.HOST, 1)).isEqualTo(3);
    assertThat(sent(Frames.HOST, 2)).isEqualTo(3);
    assertThat(actors).hasSize(6);
  }

  @Test
  void startThatFails_keepsNoActorWaiting() throws Exception {
    worker(1);
    List<ActorRef<Promise>> actors =
        List.of(driver.actor(Promise::new), driver.actor(Promise::new));
    network.quiet();
    assertThat(sent(Frames.HOST, 1)).isEqualTo(1);

    driver.peers().noWorkers(new IllegalStateException("no luck"));

    assertThat(actors.get(1).call(Promise::keep).get(LIMIT)).isTrue();
    assertThat(sent(Frames.HOST, 1)).isEqualTo(2);
  }

  @Test
  void idleWorker_ends_andIsGivenNothingOnceItIsAsked() throws Exception {
    worker(1);
    worker(2);

    driver.peers().workforce.endIdle(hasty);
    List<ObjectRef<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      tasks.add(driver.submit(() -> 7));
    }
    assertThat(driver.getAll(tasks)).containsOnly(7);
    ActorRef<Promise> actor = driver.actor(Promise::new);
    assertThat(actor.call(Promise::keep).get(LIMIT)).isTrue();
    network.quiet();

    assertThat(hasty.ended).isEmpty();
    assertThat(staff.ended).containsExactly(2);
    assertThat(sent(Frames.TASK, 2) + sent(Frames.HOST, 2)).isZero();
    endIdle();
    assertThat(staff.ended).as("the last one stays").containsExactly(2);
  }

  @Test
  void workerThatHostsAnActor_isNotAsked() throws Exception {
    worker(1);
    worker(2);
    List<ActorRef<Promise>> actors =
        List.of(driver.actor(Promise::new), driver.actor(Promise::new));
    actors.get(1).call(Promise::keep).get(LIMIT);

    endIdle();

    assertThat(sent(Frames.RETIRE, 1) + sent(Frames.RETIRE, 2)).isZero();
  }

  @Test
  void workerThatOwnsAPendingRef_doesNotEnd_andTakesWorkAgain() throws Exception {
    worker(1);
    worker(2);
    ActorRef<Promise> promise = driver.actor(Promise::new);
    promise.call(p -> true).get(LIMIT);
    TaskOptions spread = TaskOptions.DEFAULT.spread();
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      boxes.add(driver.submit(spread, () -> new Box(promise.call(Promise::get))).get(LIMIT));
    }
    assertThat(sent(Frames.TASK, 2)).isEqualTo(1);

    endIdle();

    assertThat(sent(Frames.RETIRE, 2)).isEqualTo(1);
    assertThat(staff.ended).isEmpty();
    assertThat(driver.submit(spread, () -> 7).get(LIMIT)).isEqualTo(7);
    assertThat(driver.submit(spread, () -> 7).get(LIMIT)).isEqualTo(7);
    assertThat(sent(Frames.TASK, 2)).isEqualTo(2);
    promise.call(Promise::keep).get(LIMIT);
    for (Box box : boxes) {
      assertThat(box.ref.get(LIMIT)).isEqualTo(7);
    }
    network.quiet();
    endIdle();
    assertThat(staff.ended).containsExactly(2);
  }

  @Test
  void workerThatLendsMemory_doesNotEnd() throws Exception {
    worker(1);
    worker(2);
    TaskOptions spread = TaskOptions.DEFAULT.spread();
    List<ObjectRef<byte[]>> large = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      large.add(driver.submit(spread, () -> new byte[200_000]));
      large.getLast().get(LIMIT);
    }
    network.quiet();

    endIdle();

    assertThat(sent(Frames.RETIRE, 2)).isEqualTo(1);
    assertThat(staff.ended).isEmpty();
    java.lang.ref.Reference.reachabilityFence(large);
  }

  @Test
  void workerThatIsLostWhileItIsAsked_isForgotten() throws Exception {
    worker(1);
    worker(2);
    network.remove(2);
    driver.peers().workforce.endIdle(hasty);

    driver.peers().lost(2, "was killed");

    assertThat(driver.submit(() -> 7).get(LIMIT)).isEqualTo(7);
    assertThat(driver.actor(Promise::new).call(Promise::keep).get(LIMIT)).isTrue();
    assertThat(driver.peers().workforce.all()).hasSize(1);
  }

  @Test
  void processesOfTheirOwn_areLimited() throws Exception {
    ActorOptions isolated = ActorOptions.async().isolated("-ea");
    List<ActorRef<Promise>> actors = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      actors.add(driver.actor(isolated, Promise::new));
    }

    assertThat(tickets).hasSize(2);
    assertThatThrownBy(() -> actors.get(2).call(Promise::keep).get(LIMIT))
        .isInstanceOf(NotExecutedException.class)
        .hasMessageContaining("2 processes of their own");
  }

  @Test
  void processOfAnActorThatWasKilledBeforeItCame_isDismissed() throws Exception {
    driver.peers().onJoin(number -> {});
    ActorRef<Promise> alone = driver.actor(ActorOptions.async().isolated(), Promise::new);
    driver.kill(alone);
    worker(5);

    driver.peers().admitAlone(tickets.getFirst(), 5);
    network.quiet();

    assertThat(sent(Frames.HOST, 5)).isZero();
    assertThat(staff.ended).containsExactly(5);
  }

  @Test
  void cancelledTask_needsNoProcess() throws Exception {
    driver.peers().onJoin(number -> {});
    ObjectRef<Integer> task = driver.submit(TaskOptions.DEFAULT.isolated(), () -> 7);
    task.cancel();
    worker(5);

    driver.peers().admitAlone(tickets.getFirst(), 5);
    network.quiet();

    assertThat(sent(Frames.TASK, 5)).isZero();
    assertThat(staff.ended).containsExactly(5);
  }
}
