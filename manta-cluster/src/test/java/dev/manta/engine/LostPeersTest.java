package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.TaskOptions;
import dev.manta.engine.wire.Frames;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A process is lost, or an actor ends, in the middle of something else. */
class LostPeersTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final WireNetwork network = new WireNetwork();
  private final Engine driver = network.add(0, false);

  @AfterEach
  void close() {
    network.close();
  }

  /** An actor. */
  static final class Friend {
    boolean likes(ActorRef<Friend> other) {
      return other != null;
    }

    boolean waits(Duration time) {
      dev.manta.Manta.sleep(time);
      return true;
    }
  }

  private Engine worker(int number) throws InterruptedException {
    Engine worker = network.add(number, false);
    worker.peers().join(1);
    network.quiet();
    return worker;
  }

  /** Its exit is seen by another thread than what it has sent. */
  @Test
  void taskThatIsReadWhileItsProcessIsLost_isStopped() throws Exception {
    Engine worker = worker(1);
    AtomicBoolean isLost = new AtomicBoolean();
    network.beforeTime =
        () -> {
          boolean reads = Thread.currentThread().getName().equals("wire-network");
          if (reads && isLost.compareAndSet(false, true)) {
            driver.peers().lost(1, "was killed");
          }
        };

    var _ = worker.submit(TaskOptions.DEFAULT.resource("gpu", 1).deadline(HOUR), () -> 7);
    network.await(Frames.TASK, 0);
    network.quiet();

    assertThat(isLost).isTrue();
    assertThat(driver.peers().tasks.calls()).isZero();
  }

  /** What it had goes to another one, whose calls pass on handles of the one that ends. */
  @Test
  void actorThatMakesRoomAsItEnds_hasEndedForItsOwnReason() throws Exception {
    worker(1);
    ActorOptions greedy = ActorOptions.async().resource("gpu", 2);
    ActorRef<Friend> first = driver.actor(greedy, Friend::new);
    ActorRef<Friend> second = driver.actor(greedy, Friend::new);
    ObjectRef<Boolean> parked = second.call(f -> f.likes(first));

    driver.kill(first);

    assertThat(parked.get(HOUR)).isTrue();
    assertThatThrownBy(() -> first.call(f -> f.waits(HOUR)).get(HOUR))
        .hasMessageContaining("was killed");
  }

  /** CONTRACT 1: who gets its resources is sent, while what is sent passes on a handle. */
  @Test
  void actorThatEndsWhileAnotherHandleIsSent_doesNotHoldItUp() throws Exception {
    worker(1);
    ActorRef<Friend> greedy = driver.actor(ActorOptions.async().resource("gpu", 2), Friend::new);
    ActorRef<Friend> other = driver.actor(Friend::new);
    ObjectRef<Integer> waiting = driver.submit(TaskOptions.DEFAULT.resource("gpu", 1), () -> 7);
    Thread kills = new Thread(() -> driver.kill(greedy));
    Thread sends = Thread.currentThread();
    network.versions =
        type -> {
          if (Thread.currentThread() == sends && kills.getState() == Thread.State.NEW) {
            kills.start(); // and runs until it has ended, or waits for what this thread has
            while (kills.getState() == Thread.State.RUNNABLE) {
              Thread.onSpinWait();
            }
          }
          return 7L;
        };

    ObjectRef<Boolean> sent = driver.submit(() -> other != null);

    assertThat(kills.getState()).isNotEqualTo(Thread.State.NEW);
    assertThat(sent.get(HOUR)).isTrue();
    assertThat(waiting.get(HOUR)).isEqualTo(7);
  }

  /** Elsewhere than the actor's, so that its code is told by itself. */
  static final class Caller {
    static ObjectRef<Boolean> call(ActorRef<Friend> friend) {
      return friend.call(f -> f.likes(null));
    }
  }

  /** CONTRACT 1: what waits for it may be sent then, which takes monitors that come before those. */
  @Test
  void callThatCannotBeSent_failsUnderNoMonitor() throws Exception {
    ActorRef<Friend> friend = driver.actor(Friend::new);
    RemoteCell cell = ((RemoteHandle<Friend>) friend).cell;
    Directory directory = driver.peers().actors.directory;
    ObjectRef<Boolean> parked = Caller.call(friend);
    AtomicBoolean isUnderMonitor = new AtomicBoolean();
    ((Ref<?>) parked).subscribe(
        new Waiter() {
          @Override
          void completed(Ref<?> ref) {
            isUnderMonitor.set(Thread.holdsLock(cell) || Thread.holdsLock(directory));
          }
        });
    network.versions =
        type -> {
          if (type == Caller.class) {
            throw new IllegalStateException("its class is gone");
          }
          return 7L;
        };

    worker(1);

    assertThatThrownBy(() -> parked.get(HOUR)).isInstanceOf(NotExecutedException.class)
        .hasMessageContaining("its class is gone");
    assertThat(isUnderMonitor).isFalse();
    assertThat(friend.call(f -> f.likes(null)).get(HOUR)).isFalse();
  }

  /** Its creator is slower to tell of it than who has got a handle and passes that back. */
  @Test
  void handleThatComesBackToItsCreator_isCountedBeforeTheCreationIsHeardOf() throws Exception {
    worker(1);
    Engine creator = worker(3);

    driver.peers().actors.holds(ActorIds.of(3, 1), 3, 1);
    ActorRef<Friend> friend = creator.actor(Friend::new);
    network.quiet();

    assertThat(friend.call(f -> f.likes(null)).get(HOUR)).isFalse();
    assertThat(network.sent).noneMatch(s -> s.type() == Frames.ACTOR_ENDED);
  }

  /** CONTRACT 10: the frame that cancels it would come before its own. */
  @Test
  void callThatIsCancelledWhileItIsWritten_isCancelledThere() throws Exception {
    ActorRef<Friend> friend = driver.actor(Friend::new);
    AtomicReference<ObjectRef<Boolean>> call = new AtomicReference<>();
    network.versions =
        type -> {
          if (call.get() instanceof Work<?> work && work.phase() == Work.STARTED) {
            work.cancel();
          }
          return 7L;
        };
    call.set(friend.call(f -> f.waits(HOUR)));

    Engine worker = worker(1);
    network.await(Frames.CANCEL, 0);
    network.quiet();

    List<Integer> types =
        network.sent.stream().filter(s -> s.to() == 1).map(WireNetwork.Sent::type).toList();
    assertThat(types.lastIndexOf((int) Frames.CANCEL))
        .isGreaterThan(types.indexOf((int) Frames.CALL));
    assertThat(types).contains((int) Frames.CALL);
    network.until("it has ended there", worker.peers().peer(0).inbound::isEmpty);
  }
}
