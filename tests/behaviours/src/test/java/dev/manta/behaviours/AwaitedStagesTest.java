package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorRef;
import dev.manta.GetTimeoutException;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.OutcomeUnknownException;
import dev.manta.TaskFailedException;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.WithManta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many calls of an actor that wait for one and the same stage, which is no ref of Manta's. */
@ExtendWith(WithManta.class)
class AwaitedStagesTest {
  /** More than share one registration with the stage. */
  private static final int CALLS = 200;

  @Test
  void stage_letsAllGoOnThatWaitForIt(Manta manta) {
    ActorRef<Door> door = manta.actor(Door::new);
    List<ObjectRef<Integer>> calls = wait(door);

    door.run(d -> d.open(7)).get();

    for (ObjectRef<Integer> call : calls) {
      assertThat(call.get()).isEqualTo(7);
    }
    assertThat(door.call(Door::gone).get()).isEqualTo(CALLS);
  }

  @Test
  void stage_thatFailsThrowsInEachCall(Manta manta) {
    ActorRef<Door> door = manta.actor(Door::new);
    List<ObjectRef<Integer>> calls = wait(door);

    door.run(Door::jam).get();

    for (ObjectRef<Integer> call : calls) {
      assertThatThrownBy(call::get)
          .isInstanceOf(TaskFailedException.class)
          .hasRootCauseMessage("jammed");
    }
  }

  @Test
  void cancelledCalls_leaveTheOthersWaiting(Manta manta) {
    ActorRef<Door> door = manta.actor(Door::new);
    List<ObjectRef<Integer>> calls = wait(door);
    for (int i = 0; i < CALLS; i += 2) {
      calls.get(i).cancel();
    }
    Eventually.until(
        "half have gone", () -> door.call(Door::gone).get() == CALLS / 2);

    door.run(d -> d.open(7)).get();

    for (int i = 0; i < CALLS; i++) {
      ObjectRef<Integer> call = calls.get(i);
      if (i % 2 == 0) {
        assertThatThrownBy(call::get).isInstanceOf(OutcomeUnknownException.class);
      } else {
        assertThat(call.get()).isEqualTo(7);
      }
    }
  }

  @Test
  void call_mayGiveUpAndWaitAgain(Manta manta) {
    ActorRef<Door> door = manta.actor(Door::new);
    List<ObjectRef<Integer>> others = wait(door);
    ObjectRef<Integer> patient = door.call(Door::passPatiently);
    Eventually.until("it has given up twice", () -> door.call(Door::timeouts).get() >= 2);

    door.run(d -> d.open(7)).get();

    assertThat(patient.get()).isEqualTo(7);
    assertThat(others.getLast().get()).isEqualTo(7);
  }

  @Test
  void completedStage_andAnotherAreNotMistakenForEachOther(Manta manta) {
    ActorRef<Door> door = manta.actor(Door::new);
    List<ObjectRef<Integer>> first = wait(door);
    door.run(d -> d.open(1)).get();
    assertThat(first.getLast().get()).isEqualTo(1);
    door.run(Door::shut).get();
    List<ObjectRef<Integer>> second = wait(door);

    door.run(d -> d.open(2)).get();

    for (ObjectRef<Integer> call : second) {
      assertThat(call.get()).isEqualTo(2);
    }
  }

  private static List<ObjectRef<Integer>> wait(ActorRef<Door> door) {
    int before = door.call(Door::inside).get();
    List<ObjectRef<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      calls.add(door.call(Door::pass));
    }
    Eventually.until("all are inside", () -> door.call(Door::inside).get() == before + CALLS);
    return calls;
  }

  /** The actor. */
  static final class Door {
    private CompletableFuture<Integer> opened = new CompletableFuture<>();
    private int inside;
    private int gone;
    private int timeouts;

    int pass() {
      inside++;
      try {
        return Manta.await(opened);
      } finally {
        gone++;
      }
    }

    int passPatiently() {
      for (;;) {
        try {
          return Manta.await(opened, Duration.ofMillis(1));
        } catch (GetTimeoutException e) {
          timeouts++;
        }
      }
    }

    int inside() {
      return inside;
    }

    int gone() {
      return gone;
    }

    int timeouts() {
      return timeouts;
    }

    void open(int number) {
      opened.complete(number);
    }

    void jam() {
      opened.completeExceptionally(new IllegalStateException("jammed"));
    }

    void shut() {
      opened = new CompletableFuture<>();
    }
  }
}
