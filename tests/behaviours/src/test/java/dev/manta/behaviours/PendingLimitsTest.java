package dev.manta.behaviours;

import static dev.manta.Reason.DEADLINE;
import static dev.manta.Reason.PENDING_LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.Reason;
import dev.manta.WhenFull;
import dev.manta.behaviours.support.Errors;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.WithManta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** B1, B2, CONTRACT 6: how many calls may be pending, and what happens to the surplus. */
@ExtendWith(WithManta.class)
class PendingLimitsTest {
  private static final ActorOptions TEN = ActorOptions.async().maxPendingCalls(10);
  private static final CallOptions REFUSE = CallOptions.DEFAULT.whenFull(WhenFull.REFUSE);

  /** Has calls that stay. */
  static final class Desk {
    private final List<Integer> order = new ArrayList<>();

    int stay(ActorRef<Gate> gate) {
      Gate.pass(gate);
      return 1;
    }

    int note(int number) {
      order.add(number);
      return number;
    }

    List<Integer> order() {
      return order;
    }
  }

  /** Calls the desk from inside an actor. */
  static final class Clerk {
    Reason surplus(ActorRef<Desk> desk) {
      try {
        desk.call(d -> d.note(11)).get();
        return null;
      } catch (NotExecutedException e) {
        return e.reason();
      }
    }

    int whenRoom(ActorRef<Desk> desk) {
      return desk.<Integer>callWhenRoom(d -> d.note(11)).get();
    }

    int one() {
      return 1;
    }
  }

  private static List<ObjectRef<Integer>> fill(
      ActorRef<Desk> desk, int calls, ActorRef<Gate> gate) {
    List<ObjectRef<Integer>> refs = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      refs.add(desk.call(d -> d.stay(gate)));
    }
    return refs;
  }

  /** B1: refused at once, as the call's options say; and as the actor's say. */
  @Test
  void eleventhCallOutside_isRefused_whereItsOptionsSaySo(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(TEN, Desk::new);
    ActorRef<Desk> refusing = manta.actor(TEN.whenFull(WhenFull.REFUSE), Desk::new);
    List<ObjectRef<Integer>> stay = fill(desk, 10, gate);
    List<ObjectRef<Integer>> stayToo = fill(refusing, 10, gate);

    ObjectRef<Integer> eleventh = desk.with(REFUSE).call(d -> d.note(11));
    ObjectRef<Integer> eleventhToo = refusing.call(d -> d.note(11));

    assertThat(Errors.of(eleventh, NotExecutedException.class, PENDING_LIMIT))
        .hasMessageContaining("10");
    Errors.of(eleventhToo, NotExecutedException.class, PENDING_LIMIT);
    Gate.open(gate);
    manta.getAll(stay);
    manta.getAll(stayToo);
    assertThat(desk.call(Desk::order).get()).isEmpty();
    assertThat(desk.with(REFUSE).call(d -> d.note(12)).get()).isEqualTo(12);
    assertThat(refusing.call(d -> d.note(12)).get()).isEqualTo(12);
  }

  /** B1: waits, by default. */
  @Test
  void eleventhCallOutside_waitsForRoom(Manta manta) throws InterruptedException {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(TEN, Desk::new);
    fill(desk, 10, gate);
    CompletableFuture<Integer> result = new CompletableFuture<>();

    Thread caller =
        Thread.ofPlatform().start(() -> result.complete(desk.call(d -> d.note(11)).get()));

    Eventually.until("the caller parks", () -> caller.getState() == Thread.State.WAITING);
    assertThat(result).isNotDone();
    Gate.open(gate);
    caller.join();
    assertThat(result).isCompletedWithValue(11);
  }

  /** B1: those that wait outside enter first come, first served. */
  @Test
  void callersThatWait_enterInTheOrderOfTheirComing(Manta manta) throws InterruptedException {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(TEN.maxPendingCalls(1), Desk::new);
    fill(desk, 1, gate);
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int number = i;
      Thread caller =
          Thread.ofPlatform().start(() -> desk.call(d -> d.note(number)).get());
      Eventually.until("the caller parks", () -> caller.getState() == Thread.State.WAITING);
      callers.add(caller);
    }

    Gate.open(gate);

    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(desk.call(Desk::order).get()).containsExactly(0, 1, 2, 3, 4);
  }

  /** B1: a call's deadline bounds its wait for room. */
  @Test
  void waitForRoom_endsAtTheCallsDeadline(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(TEN, Desk::new);
    fill(desk, 10, gate);
    CallOptions soon = CallOptions.DEFAULT.deadline(Duration.ofMillis(20));

    ObjectRef<Integer> eleventh = desk.with(soon).call(d -> d.note(11));

    Errors.of(eleventh, NotExecutedException.class, DEADLINE);
    Gate.open(gate);
    assertThat(desk.call(Desk::order).get()).isEmpty();
  }

  /** B1: a wait for room ends with the actor. */
  @Test
  void waitForRoom_endsWithTheActor(Manta manta) throws Exception {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(TEN, Desk::new);
    fill(desk, 10, gate);
    CompletableFuture<ObjectRef<Integer>> result = new CompletableFuture<>();
    Thread caller = Thread.ofPlatform().start(() -> result.complete(desk.call(d -> d.note(11))));
    Eventually.until("the caller parks", () -> caller.getState() == Thread.State.WAITING);

    manta.kill(desk);

    Errors.of(result.get(), NotExecutedException.class, Reason.ACTOR_DIED);
  }

  /** B1: a stage of acceptance for threads that must not wait. */
  @Test
  void offer_completesWhenTheCallIsTaken(Manta manta) throws Exception {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(TEN, Desk::new);
    fill(desk, 9, gate);
    CompletionStage<ObjectRef<Integer>> tenth = desk.offer(d -> d.stay(gate));
    assertThat(tenth.toCompletableFuture()).isDone();

    CompletionStage<ObjectRef<Integer>> eleventh = desk.offer(d -> d.note(11));

    assertThat(eleventh.toCompletableFuture()).isNotDone();
    Gate.open(gate);
    assertThat(eleventh.toCompletableFuture().get().get()).isEqualTo(11);
  }

  private static void awaitPending(Manta manta, int calls) {
    Eventually.until(
        calls + " calls are pending",
        () -> manta.stats()
            .actors()
            .stream()
            .anyMatch(a -> a.actor().startsWith("Desk") && a.pending() == calls));
  }

  /** B1: inside an actor the surplus is refused, whatever the options say. */
  @Test
  void eleventhCallInsideAnActor_isRefused(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(TEN.whenFull(WhenFull.WAIT), Desk::new);
    ActorRef<Clerk> clerk = manta.actor(Clerk::new);
    fill(desk, 10, gate);
    awaitPending(manta, 10); // the clerk's call may come by a shorter way

    Reason reason = clerk.call(c -> c.surplus(desk)).get();

    assertThat(reason).isEqualTo(PENDING_LIMIT);
    assertThat(manta.<Reason>submit(() -> new Clerk().surplus(desk)).get())
        .isEqualTo(PENDING_LIMIT);
    Gate.open(gate);
  }

  /** B1: unless it asks to wait, which is an await point. */
  @Test
  void eleventhCallInsideAnActor_waitsWhereItAsksTo(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(TEN, Desk::new);
    ActorRef<Clerk> clerk = manta.actor(Clerk::new);
    fill(desk, 10, gate);
    awaitPending(manta, 10);
    ObjectRef<Integer> waiting = clerk.call(c -> c.whenRoom(desk));

    assertThat(clerk.call(Clerk::one).get()).isEqualTo(1);

    assertThat(waiting.isDone()).isFalse();
    Gate.open(gate);
    assertThat(waiting.get()).isEqualTo(11);
  }

  /** B1: the count is over all callers. */
  @Test
  void limit_countsAllCallers(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(TEN, Desk::new);
    fill(desk, 4, gate);
    ObjectRef<Integer> fromATask =
        manta.submit(() -> manta.getAll(fill(desk, 4, gate)).size());
    Eventually.until("eight wait", () -> gate.call(Gate::waiting).get() == 8);
    fill(desk, 2, gate);

    ObjectRef<Integer> eleventh = desk.with(REFUSE).call(d -> d.note(11));

    Errors.of(eleventh, NotExecutedException.class, PENDING_LIMIT);
    Gate.open(gate);
    assertThat(fromATask.get()).isEqualTo(4);
  }

  /** B1, CONTRACT 6: bytes are limited too; a call that could never enter is refused at once. */
  @Test
  void bytesOfArguments_areLimited(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(ActorOptions.async().maxPendingBytes(10_000), Desk::new);
    byte[] most = new byte[8_000];
    byte[] tooMuch = new byte[20_000];
    ObjectRef<Integer> first = desk.call(d -> d.stay(gate) + most.length);

    ObjectRef<Integer> second = desk.with(REFUSE).call(d -> most.length);

    Errors.of(second, NotExecutedException.class, PENDING_LIMIT);
    assertThatThrownBy(() -> desk.call(d -> tooMuch.length))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxPendingBytes");
    Gate.open(gate);
    assertThat(first.get()).isEqualTo(8_001);
    assertThat(desk.with(REFUSE).call(d -> most.length).get()).isEqualTo(8_000);
  }

  /** B1: calls that end in any way give their places back. */
  @Test
  void cancelledAndFailedCalls_giveTheirPlacesBack(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(TEN, Desk::new);
    List<ObjectRef<Integer>> refs = fill(desk, 10, gate);
    Eventually.until("ten wait", () -> gate.call(Gate::waiting).get() == 10);

    refs.forEach(ObjectRef::cancel);

    for (ObjectRef<Integer> ref : refs) {
      assertThat(Errors.of(ref, MantaException.class).reason()).isEqualTo(Reason.CANCELLED);
    }
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(
          () -> desk.call(d -> Collections.emptyIterator().next()).get())
          .hasRootCauseInstanceOf(java.util.NoSuchElementException.class);
    }
    Eventually.until(
        "nothing is pending",
        () -> manta.stats()
            .actors()
            .stream()
            .filter(a -> a.actor().startsWith("Desk"))
            .allMatch(a -> a.pending() == 0));
  }

  /** B2. */
  @Test
  void fiftyThousandPendingCalls_costLessThanAKibibyteEach(Manta manta) {
    int calls = 50_000;
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Desk> desk = manta.actor(ActorOptions.async().maxConcurrency(1), Desk::new);
    ObjectRef<Integer> first = desk.call(d -> d.stay(gate));
    Gate.awaitReached(gate);
    List<ObjectRef<Integer>> refs = new ArrayList<>(calls);
    long before = usedBytes();

    for (int i = 0; i < calls; i++) {
      int number = i;
      refs.add(desk.call(d -> d.note(number)));
    }

    long each = (usedBytes() - before) / calls;
    assertThat(each).isLessThan(1024);
    Gate.open(gate);
    assertThat(first.get()).isEqualTo(1);
    assertThat(manta.getAll(refs)).hasSize(calls).isSorted();
  }

  private static long usedBytes() {
    System.gc();
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
