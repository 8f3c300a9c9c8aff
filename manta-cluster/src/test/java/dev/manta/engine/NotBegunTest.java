package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a driver does with work of lost workers, by what they have begun. The workers are frames alone. */
class NotBegunTest {
  /** Is never built. */
  static final class Nobody {}

  private WireNetwork network;
  private Engine driver;
  private LongPredicate begun = work -> false;

  @BeforeEach
  void start() {
    GoldenScenario.latch = new CountDownLatch(0);
    network = new WireNetwork();
    driver = network.add(0, false);
    network.carryNothing();
    driver.peers()
        .note(
            new Beginnings() {
              @Override
              public @Nullable Notes of(int peer) {
                return null;
              }

              @Override
              public LongPredicate mayHaveBegun(int peer) {
                return begun;
              }
            });
  }

  @AfterEach
  void close() {
    for (int worker = 1; worker <= 10; worker++) {
      begun = work -> true;
      driver.peers().lost(worker, "is over");
    }
    network.close();
  }

  private void join(int worker) {
    WireWriter out = new WireWriter(Frames.JOIN);
    out.writeUnsigned(4);
    driver.peers().received(worker, ByteBuffer.wrap(out.toFrame()));
  }

  private List<WireNetwork.Sent> sent(int type, int to) {
    return network.sent.stream().filter(s -> s.to() == to && s.type() == type).toList();
  }

  @Test
  void tasksThatHadNotBegun_goToTheNextWorker_othersAreUnknown() {
    join(1);
    ObjectRef<Integer> first = driver.submit(GoldenScenario::blocked);
    ObjectRef<Integer> second = driver.submit(GoldenScenario::blocked);
    begun = work -> work == 0;

    driver.peers().lost(1, "died");
    join(2);

    OutcomeUnknownException e = catchThrowableOfType(OutcomeUnknownException.class, first::get);
    assertThat(e.reason()).isEqualTo(Reason.WORKER_DIED);
    assertThat(second.isDone()).isFalse();
    assertThat(sent(Frames.TASK, 2)).hasSize(1);
  }

  /** Reading it may be what ends the processes. */
  @Test
  void taskThatNoProcessLivesToBegin_isSetAside() {
    ObjectRef<Integer> task = driver.submit(GoldenScenario::blocked);
    for (int worker = 1; worker <= 10; worker++) {
      assertThat(task.isDone()).isFalse();
      join(worker);
      assertThat(sent(Frames.TASK, worker)).hasSize(1);
      driver.peers().lost(worker, "died of it");
    }

    NotExecutedException e = catchThrowableOfType(NotExecutedException.class, task::get);
    assertThat(e.reason()).isEqualTo(Reason.WORKER_DIED);
    assertThat(e).hasMessageContaining("none of the 10 processes").hasMessageContaining("died of");
  }

  /** Those that come back are sent before those that came meanwhile. */
  @Test
  void callsOfAnActorThatLivesAgain_keepTheirOrder() {
    join(1);
    ActorRef<Nobody> actor = driver.actor(ActorOptions.async().maxRestarts(1), Nobody::new);
    List<ObjectRef<Boolean>> calls = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      calls.add(actor.call(a -> true));
    }
    assertThat(sent(Frames.CALL, 1)).hasSize(300);
    begun = work -> work < 10;

    driver.peers().lost(1, "died");
    for (int i = 0; i < 5; i++) {
      calls.add(actor.call(a -> true));
    }
    join(2);

    assertThat(calls.subList(0, 10)).allMatch(ObjectRef::isDone);
    assertThat(calls.subList(10, calls.size())).noneMatch(ObjectRef::isDone);
    List<WireNetwork.Sent> again = sent(Frames.CALL, 2);
    assertThat(again).hasSize(295);
    for (int i = 0; i < again.size(); i++) {
      answer(again.get(i), true);
      assertThat(calls.get(10 + i).isDone()).as("call %d", 10 + i).isTrue();
    }
  }

  private void answer(WireNetwork.Sent call, Object value) {
    WireReader in = new WireReader(ByteBuffer.wrap(call.bytes()));
    int _ = in.readByte();
    WireWriter out = new WireWriter(Frames.RESULT);
    out.writeUnsigned(in.readUnsigned());
    WireValues.write(driver.peers().peer(call.to()), out, value);
    driver.peers().received(call.to(), ByteBuffer.wrap(out.toFrame()));
  }
}
