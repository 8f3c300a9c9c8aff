package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.manta.ActorRef;
import dev.manta.ObjectRef;
import dev.manta.StorageFullException;
import dev.manta.TaskFailedException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When what is lent is given back, and what there is when there is no room. */
class LargeValuesTest {
  private final WireNetwork.HeapMemory memory = new WireNetwork.HeapMemory();
  private final AtomicInteger givenBack = new AtomicInteger();

  private Borrowed borrowed() {
    byte[] token = memory.put(MemorySegment.ofArray(new byte[]{1, 2, 3}));
    return Borrowed.of(memory, token, givenBack::incrementAndGet);
  }

  private void awaitGivenBack() throws InterruptedException {
    for (int i = 0; i < 1_000 && givenBack.get() == 0; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(givenBack).hasValue(1);
  }

  @Test
  void blockThatIsReleased_isGivenBackAtOnce_andOnce() {
    Borrowed block = borrowed();

    block.release();

    assertThat(givenBack).hasValue(1);
    block.release();
    assertThat(givenBack).hasValue(1);
    assertThatThrownBy(block::view).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("released");
    assertThatThrownBy(() -> block.read(s -> 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void blockThatIsReleasedWhileItIsRead_isGivenBackAfterThat() {
    Borrowed block = borrowed();

    int during = block.read(s -> {
      block.release();
      return givenBack.get();
    });

    assertThat(during).isZero();
    assertThat(givenBack).hasValue(1);
  }

  /** Also by a part of it. */
  @Test
  void blockThatIsReleased_staysWhileAViewIsReachable() throws Exception {
    Borrowed block = borrowed();
    MemorySegment part = block.view().asSlice(1);
    block.release();
    block = null;
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(20);
    }

    assertThat(givenBack).hasValue(0);
    assertThat(part.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 2);
    Reference.reachabilityFence(part);
    part = null;
    awaitGivenBack();
  }

  @Test
  void blockThatIsDropped_isGivenBackByTheCollector() throws Exception {
    assertThat(borrowed().size()).isEqualTo(3);

    awaitGivenBack();
  }

  /** An actor. */
  static final class Taker {
    MemorySegment kept;

    int take(byte[] bytes) {
      return bytes.length;
    }

    long keep(MemorySegment bytes) {
      kept = bytes;
      return bytes.byteSize();
    }

    int takeAll(List<byte[]> all) {
      return all.size();
    }
  }

  /** It may live, and read on: what it has got is not used for the next value. */
  @Test
  void valueOfAProcessThatIsTakenForLost_isAbandoned() throws Exception {
    try (WireNetwork network = new WireNetwork()) {
      Engine driver = network.withWorker();
      ActorRef<Taker> taker = driver.actor(Taker::new);
      MemorySegment large = MemorySegment.ofArray(new byte[200_000]);
      assertThat(taker.call(t -> t.keep(large)).get()).isEqualTo(200_000L);

      driver.peers().lost(1, "is taken for lost");

      network.until("it is abandoned", () -> network.memory.abandoned.get() > 0);
      assertThat(network.memory.abandoned).hasValue(1);
    }
  }

  /** CONTRACT 14: only the one who puts is concerned. */
  @Test
  void noRoom_isAnErrorOfWhoPuts_passesOrReturns_andAllElseGoesOn() throws Exception {
    try (WireNetwork network = new WireNetwork()) {
      Engine driver = network.withWorker();
      ActorRef<Taker> taker = driver.actor(Taker::new);
      byte[] large = new byte[200_000];
      List<byte[]> all = List.of(large);
      assertThat(taker.call(t -> t.take(large)).get()).isEqualTo(200_000);
      network.setFull(true);

      assertThatThrownBy(() -> driver.put(all)).isInstanceOf(StorageFullException.class)
          .hasMessageContaining("no room");
      assertThatThrownBy(() -> taker.call(t -> t.takeAll(all)))
          .isInstanceOf(StorageFullException.class);
      ObjectRef<byte[]> result = driver.submit(() -> new byte[200_000]);
      assertThat(catchThrowable(result::get)).isInstanceOf(TaskFailedException.class)
          .hasRootCauseInstanceOf(StorageFullException.class);
      assertThat(taker.call(t -> t.take(new byte[7])).get()).isEqualTo(7);
      network.setFull(false);
      assertThat(taker.call(t -> t.takeAll(all)).get()).isEqualTo(1);
      assertThat(network.drops).isEmpty();
    }
  }
}
