package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Who holds an actor, as the driver hears of it. */
class HoldersTest {
  private static final int HOST = 3;

  private final WireNetwork network = new WireNetwork();
  private final Engine driver = network.add(0, false);

  @AfterEach
  void close() {
    network.close();
  }

  private void says(int worker, WireWriter frame) {
    driver.peers().received(worker, ByteBuffer.wrap(frame.toFrame()));
  }

  private List<WireNetwork.Sent> sent(int to, int type) {
    return network.sent.stream().filter(s -> s.to() == to && s.type() == type).toList();
  }

  private void assertThatItsHostIsAsked() {
    assertThat(sent(HOST, Frames.UNHELD)).hasSize(1);
  }

  private void assertThatItsHostIsNotAsked() {
    assertThat(sent(HOST, Frames.UNHELD)).isEmpty();
  }

  private static WireWriter letsGo(long id, int from) {
    return new WireWriter(Frames.RELEASE).writeUnsigned(id)
        .writeCount(1, 1)
        .writeUnsigned(from)
        .writeUnsigned(1);
  }

  private static WireWriter passesOn(long id, int to) {
    return new WireWriter(Frames.HOLD).writeUnsigned(id).writeUnsigned(to).writeSigned(1);
  }

  /** What workers say is written here by hand: an actor of worker 3, and 1 and 2 that use it. */
  @Nested
  class AWorkerThatPassesAHandleOnAndEnds {
    private ActorRef<GoldenScenario.Counter> actor;
    private long id;

    @BeforeEach
    void onlyWorker1HoldsIt() {
      network.carryNothing();
      says(HOST, new WireWriter(Frames.JOIN).writeUnsigned(1));
      actor = driver.actor(ActorOptions.async().maxRestarts(1), GoldenScenario.Counter::new);
      id = ((RemoteHandle<?>) actor).cell.id;
      says(HOST, new WireWriter(Frames.HOSTED).writeUnsigned(id));
      says(1, new WireWriter(Frames.JOIN).writeUnsigned(1));
      says(2, new WireWriter(Frames.JOIN).writeUnsigned(1));
      driver.peers().actors.holds(id, 1, 1);
      driver.peers().actors.letGo(id, Map.of(0, 1));
    }

    @AfterEach
    void reachable() {
      Reference.reachabilityFence(actor);
    }

    /** How many handles it has from another. */
    private void holdsFrom(int worker, int gone, int handles) {
      WireWriter out = new WireWriter(Frames.HELD).writeUnsigned(gone);
      out.writeCount(handles > 0 ? 1 : 0, 1);
      if (handles > 0) {
        out.writeUnsigned(id).writeUnsigned(handles);
      }
      says(worker, out);
    }

    @Test
    void all_areToldAndAsked() {
      driver.peers().lost(1, "is gone");

      assertThat(sent(2, Frames.GONE)).hasSize(1);
      assertThat(sent(HOST, Frames.GONE)).hasSize(1);
    }

    @Test
    void handleThatCame_isHeld_thoughTheDriverHasNotHeardOfIt() {
      driver.peers().lost(1, "is gone");
      holdsFrom(HOST, 1, 0);
      assertThatItsHostIsNotAsked();

      holdsFrom(2, 1, 1);

      assertThatItsHostIsNotAsked();
      assertThat(sent(2, Frames.ACTOR_AT)).as("it is told where the actor is").hasSize(1);
      says(2, letsGo(id, 1));
      assertThatItsHostIsAsked();
    }

    @Test
    void handleThatDidNotCome_isNotHeld_thoughTheDriverHasHeardOfIt() {
      says(1, passesOn(id, 2));
      driver.peers().lost(1, "is gone");
      holdsFrom(HOST, 1, 0);
      assertThatItsHostIsNotAsked();

      holdsFrom(2, 1, 0);

      assertThatItsHostIsAsked();
    }

    @Test
    void handleOfWhichTheDriverHearsAfterTheEnd_isNotCountedTwice() {
      driver.peers().lost(1, "is gone");
      holdsFrom(HOST, 1, 0);
      holdsFrom(2, 1, 1);
      driver.peers().actors.directory.holds(id, 2, 1, 1);

      says(2, letsGo(id, 1));

      assertThatItsHostIsAsked();
    }

    @Test
    void processThatEndsToo_saysNothing_andHoldsNothing() {
      driver.peers().lost(1, "is gone");
      holdsFrom(HOST, 1, 0);
      assertThatItsHostIsNotAsked();

      driver.peers().lost(2, "is gone");

      assertThatItsHostIsNotAsked();
      holdsFrom(HOST, 2, 0);
      assertThatItsHostIsAsked();
    }

    @Test
    void actorOfTheProcess_livesAgain_onceItIsKnownWhoHoldsIt() {
      driver.peers().actors.letGo(id, Map.of()); // nothing changes by a question
      says(1, letsGo(id, 0));
      int asked = sent(HOST, Frames.UNHELD).size();
      driver.peers().lost(HOST, "is gone"); // its own code may have passed it on
      assertThat(hosts()).as("nobody is known to need it").isEqualTo(1);
      holdsFrom(1, HOST, 0);

      holdsFrom(2, HOST, 1);

      assertThat(hosts()).isEqualTo(2);
      assertThat(asked).isEqualTo(1);
    }

    @Test
    void actorOfTheProcess_thatNobodyHolds_doesNotLiveAgain() {
      says(1, letsGo(id, 0));
      driver.peers().lost(HOST, "is gone");
      holdsFrom(1, HOST, 0);
      holdsFrom(2, HOST, 0);

      assertThat(hosts()).isEqualTo(1);
      assertThat(driver.peers().actors.directory.hasEnded(id)).isTrue();
    }

    private long hosts() {
      return network.sent.stream().filter(s -> s.type() == Frames.HOST).count();
    }

    @Test
    void whoGotAHandleOfADeadActor_isTold() {
      driver.kill(actor);
      driver.peers().lost(1, "is gone");

      holdsFrom(2, 1, 1);

      assertThat(sent(2, Frames.ACTOR_ENDED)).hasSize(1);
    }
  }

  /** A process that has got a handle may be faster to pass it on than the one that creates the actor. */
  @Test
  void handleOfWhichTheDriverHearsBeforeTheBirth_isHeld() {
    Engine one = network.add(1, false);
    network.carryNothing();
    for (int worker : new int[]{HOST, 2, 4}) {
      says(worker, new WireWriter(Frames.JOIN).writeUnsigned(1));
    }
    ActorRef<GoldenScenario.Counter> actor =
        one.actor(ActorOptions.async(), GoldenScenario.Counter::new);
    long id = ((RemoteHandle<?>) actor).cell.id;

    says(2, passesOn(id, 4));
    for (WireNetwork.Sent birth : List.copyOf(network.sent)) {
      if (birth.from() == 1 && birth.to() == 0) {
        driver.peers().received(1, ByteBuffer.wrap(birth.bytes()));
      }
    }
    int host = network.sent.stream().filter(s -> s.type() == Frames.HOST).findFirst().get().to();
    says(host, new WireWriter(Frames.HOSTED).writeUnsigned(id));

    says(1, letsGo(id, 1));
    assertThat(sent(host, Frames.UNHELD)).isEmpty();
    says(4, letsGo(id, 2));
    assertThat(sent(host, Frames.UNHELD)).hasSize(1);
    Reference.reachabilityFence(actor);
  }

  /** What a frame lends is taken back where it is not sent. */
  @Test
  void callWithAValueThatIsGone_leavesNothingLentOrCounted() throws Exception {
    GoldenScenario.latch = new CountDownLatch(1);
    network.add(1, false).peers().join(2);
    network.quiet();
    ActorRef<GoldenScenario.Counter> first =
        driver.actor(ActorOptions.async(), GoldenScenario.Counter::new);
    ActorRef<GoldenScenario.Counter> second =
        driver.actor(ActorOptions.async(), GoldenScenario.Counter::new);
    ObjectRef<Integer> pending = driver.submit(GoldenScenario::blocked);
    byte[] large = new byte[1 << 20];
    ObjectRef<byte[]> released = driver.put(large);
    released.release();
    List<GoldenScenario.Box> refs =
        List.of(new GoldenScenario.Box(pending), new GoldenScenario.Box(released));
    network.quiet();

    ObjectRef<Integer> call =
        first.call(c -> second.hashCode() + large.length + refs.size());

    assertThatThrownBy(call::get)
        .isInstanceOf(NotExecutedException.class)
        .hasStackTraceContaining("released");
    assertThat(driver.peers().lending().isIdle()).as("nobody reads the array").isTrue();
    assertThat(driver.peers().peer(1).exports.isEmpty()).as("the ref was not passed on").isTrue();
    driver.peers().actors.letGo(((RemoteHandle<?>) second).cell.id, Map.of(0, 1));
    network.await(Frames.UNHELD, 0); // nobody else holds the second actor
    GoldenScenario.latch.countDown();
    Reference.reachabilityFence(second);
  }
}
