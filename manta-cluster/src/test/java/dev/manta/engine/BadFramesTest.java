package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.manta.ActorOptions;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireLimits;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a bad frame costs, and whom. */
class BadFramesTest {
  private static final ByteBuffer BAD = ByteBuffer.wrap(new byte[]{99});

  private WireNetwork network;
  private Engine driver;
  private Engine worker;

  @BeforeEach
  void start() throws Exception {
    GoldenScenario.latch = new CountDownLatch(1);
    network = new WireNetwork();
    driver = network.add(0, false);
    worker = network.add(1, false);
    worker.peers().join(2);
    network.quiet();
  }

  @AfterEach
  void close() {
    GoldenScenario.latch.countDown();
    network.close();
  }

  /** What the peer had to do is lost, and not for ever waited for. */
  @Test
  void badFrame_costsThePeerItsConnection() {
    ObjectRef<Integer> running = driver.submit(GoldenScenario::blocked);

    driver.peers().received(1, BAD.duplicate());

    assertThat(network.drops)
        .containsExactly("0 dropped 1: sent a bad frame: there is no type of frame 99");
    OutcomeUnknownException e = catchThrowableOfType(OutcomeUnknownException.class, running::get);
    assertThat(e.reason()).isEqualTo(Reason.WORKER_DIED);
    assertThat(e).hasMessageContaining("sent a bad frame");
    driver.peers().received(1, BAD.duplicate());
    assertThat(network.drops).hasSize(1);
  }

  /** A worker that can't understand another one says so to the driver, which gives that one up. */
  @Test
  void badFrameOfAnotherWorker_isToldToTheDriver() throws Exception {
    Engine two = network.add(2, false);
    two.peers().join(2);
    network.quiet();

    worker.peers().received(2, BAD.duplicate());
    network.quiet();

    assertThat(network.drops)
        .containsExactlyInAnyOrder(
            "1 dropped 2: sent a bad frame: there is no type of frame 99",
            "0 dropped 2: sent a bad frame: there is no type of frame 99");
  }

  @Test
  void handleOfAnActorThatNobodyCanHaveCreated_isABadFrame() {
    WireWriter out = new WireWriter(Frames.ELEMENTS).writeUnsigned(0).writeByte(13);
    out.writeUnsigned(ActorIds.of(Transport.MAX_PEER + 1, 0));
    out.writeUnsigned(0).writeUnsigned(0).writeText("x");
    WireOptions.write(out, ActorOptions.async());

    driver.peers().received(1, ByteBuffer.wrap(out.toFrame()));

    assertThat(network.drops).hasSize(1);
    assertThat(network.drops.getFirst()).contains("no process creates an actor of the number");
  }

  /** A result with too many bytes leaves the call to the loss of its peer. */
  @Test
  void badResult_doesNotLeaveItsCallPending() {
    ObjectRef<Integer> running = driver.submit(GoldenScenario::blocked);

    driver.peers().received(1, ByteBuffer.wrap(new byte[]{Frames.RESULT, 0, 0, 0, 0}));

    assertThat(catchThrowableOfType(OutcomeUnknownException.class, running::get)).isNotNull();
  }

  /** Code that the receiver lacks fails the call, and nothing else. */
  @Test
  void missingCode_failsItsCall() throws Exception {
    int before = network.sent.size();
    WireWriter code = new WireWriter(Frames.CODE);
    code.writeUnsigned(0).writeFlag(true);
    for (String name : new String[]{
        "no/Such", "dev/manta/RemoteSupplier", "get", "()Ljava/lang/Object;"}) {
      code.writeName(name);
    }
    code.writeUnsigned(6);
    for (String name : new String[]{"no/Such", "x", "()I", "()Ljava/lang/Integer;"}) {
      code.writeName(name);
    }
    code.writeUnsigned(0).writeUnsigned(0);
    worker.peers().received(0, ByteBuffer.wrap(code.toFrame()));
    WireWriter task = new WireWriter(Frames.TASK);
    task.writeUnsigned(0).writeText("").writeUnsigned(0).writeUnsigned(0).writeUnsigned(0);
    task.writeByte(Body.TASK.ordinal()).writeByte(0);
    task.writeUnsigned(0).writeFlag(false).writeUnsigned(0);

    worker.peers().received(0, ByteBuffer.wrap(task.toFrame()));

    assertThat(outcome(network.await(Frames.RESULT, before)))
        .isInstanceOfSatisfying(
            NotExecutedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.CODE_MISSING));
    assertThat(network.drops).isEmpty();
  }

  /** So does code of another version. */
  @Test
  void codeOfAnotherVersion_failsItsCall_namingTheClassAndBoth() {
    AtomicLong looks = new AtomicLong(); // first the driver's, which sends it
    network.versions = type -> 0xa0 + looks.getAndIncrement() / 2;

    NotExecutedException e =
        catchThrowableOfType(
            NotExecutedException.class, () -> driver.submit(GoldenScenario::seven).get());

    assertThat(e.reason()).isEqualTo(Reason.CODE_MISSING);
    assertThat(e)
        .hasMessageContaining("another version of the class dev.manta.engine.BadFramesTest")
        .hasMessageContaining("are a1 and a0");
    assertThat(network.drops).isEmpty();
  }

  /** Where one of the two doesn't know, it is run. */
  @Test
  void codeWhoseVersionIsNotKnown_isRun() {
    AtomicLong looks = new AtomicLong();
    network.versions = type -> looks.getAndIncrement() / 2;

    assertThat(driver.submit(GoldenScenario::seven).get()).isEqualTo(7);
  }

  /** Contexts that can't be decoded fail the call that they came with. */
  @Test
  void contextsThatCannotBeDecoded_failTheirCall() throws Exception {
    assertThat(driver.submit(GoldenScenario::seven).get()).isEqualTo(7);
    int before = network.sent.size();
    WireWriter task = new WireWriter(Frames.TASK);
    task.writeUnsigned(9).writeText("").writeUnsigned(0).writeUnsigned(0).writeUnsigned(0);
    task.writeByte(Body.TASK.ordinal()).writeByte(RemoteWork.HAS_CONTEXTS);
    task.writeByte(11).writeUnsigned(1).writeBytes(new byte[]{1, 100});
    task.writeUnsigned(0).writeUnsigned(0);
    task.writeUnsigned(0).writeFlag(false).writeUnsigned(0);

    worker.peers().received(0, ByteBuffer.wrap(task.toFrame()));

    assertThat(outcome(network.await(Frames.RESULT, before)))
        .isInstanceOfSatisfying(
            NotExecutedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.CODE_MISSING));
    assertThat(network.drops).isEmpty();
  }

  private Throwable outcome(byte[] result) {
    WireReader in = new WireReader(ByteBuffer.wrap(result, 1, result.length - 1));
    in.readUnsigned();
    Object read = WireValues.readOutcome(driver.peers().peer(5), in);
    return ((Ref.Failure) read).error;
  }

  /** The writer keeps the limits of the reader: the call fails where it is made. */
  @Test
  void refsThatAreNestedTooDeep_failTheCallHere() {
    ObjectRef<?> ref = driver.put(1);
    for (int i = 0; i < WireLimits.MAX_DEPTH + 1; i++) {
      ref = driver.put(new GoldenScenario.Box(ref));
    }
    GoldenScenario.Box box = new GoldenScenario.Box(ref);

    NotExecutedException e =
        catchThrowableOfType(
            NotExecutedException.class, () -> driver.submit(() -> box.has()).get());

    assertThat(e).hasMessageContaining("than may go to another process");
    assertThat(network.drops).isEmpty();
  }

  /** Only so many processes are known, whatever numbers come. */
  @Test
  void numbersOfProcesses_areBounded() {
    Peers peers = driver.peers();
    for (int number = 2; number < 20_000; number++) {
      peers.lost(number, "has ended");
    }
    int known = 0;
    for (Peer _ : peers.all()) {
      known++;
    }
    assertThat(known).isLessThan(5);
    assertThat(peers.peer(77).isLost()).isTrue();
  }

  private static WireWriter birth(WireWriter out, int number, Object contexts) {
    out.writeUnsigned(number);
    WireOptions.write(out, dev.manta.ActorOptions.async());
    out.writeFlag(contexts != null);
    if (contexts != null) {
      out.writeByte(11).writeUnsigned(1).writeBytes((byte[]) contexts);
      out.writeUnsigned(0).writeUnsigned(0);
    }
    return out.writeUnsigned(0).writeFlag(false).writeUnsigned(0);
  }

  private void received(Engine by, int from, WireWriter frame) {
    by.peers().received(from, ByteBuffer.wrap(frame.toFrame()));
  }

  /** The actor can't be constructed, and nothing else happens. */
  @Test
  void contextsOfABirthThatCannotBeDecoded_failTheActor() throws Exception {
    assertThat(driver.submit(GoldenScenario::seven).get()).isEqualTo(7); // code 0
    byte[] bad = {1, 100};
    int id = 77;
    WireWriter host = new WireWriter(Frames.HOST);
    host.writeUnsigned(id).writeUnsigned(1).writeUnsigned(0).writeText("x");
    WireWriter rest = birth(new WireWriter(Frames.HOST), 0, bad);
    byte[] all = rest.toFrame();
    for (int i = 2; i < all.length; i++) {
      host.writeByte(all[i]);
    }
    int before = network.sent.size();

    received(worker, 0, host);

    assertThat(network.await(Frames.ACTOR_ENDED, before)).isNotEmpty();
    assertThat(network.drops).isEmpty();
  }

  @Test
  void actorThatIsHostedTwice_isABadFrame() throws Exception {
    var actor = driver.actor(GoldenScenario.Counter::new);
    assertThat(actor.call(GoldenScenario.Counter::add).get()).isEqualTo(1);
    byte[] host = network.await(Frames.HOST, 0);

    worker.peers().received(0, ByteBuffer.wrap(host));

    assertThat(network.drops).singleElement().asString().contains("is hosted already");
  }

  @Test
  void actorOfAnotherCreator_isABadFrame() throws Exception {
    received(driver, 1, birth(new WireWriter(Frames.CREATE), 5, null));

    assertThat(network.drops).singleElement().asString().contains("sent a bad frame");
  }

  @Test
  void questionForTheDriver_isABadFrameAtAWorker() {
    WireWriter ask = new WireWriter(Frames.ASK);
    ask.writeUnsigned(1).writeByte(0).writeText("name");

    received(worker, 2, ask);

    assertThat(network.drops).singleElement().asString().contains("is not for a worker");
  }

  /** Only who was asked may answer; and what can't be decoded is left out. */
  @Test
  void answerThatCannotBeDecoded_costsNothing() throws Exception {
    network.letTimePass();
    network.carryNothing();
    int before = network.sent.size();
    var stats = java.util.concurrent.CompletableFuture.supplyAsync(driver::stats);
    byte[] ask = network.await(Frames.ASK, before);
    WireWriter answer = new WireWriter(Frames.ANSWER);
    answer.writeUnsigned(ask[1]).writeByte(11).writeUnsigned(1).writeBytes(new byte[]{1, 100});
    answer.writeUnsigned(0).writeUnsigned(0);

    received(driver, 1, answer);

    assertThat(stats.get().actors()).isEmpty();
    assertThat(network.drops).isEmpty();
  }

  /** Room is given for what was asked, and is used once. */
  @Test
  void roomThatWasNotGranted_isABadFrame() throws Exception {
    var actor = driver.actor(GoldenScenario.Counter::new);
    assertThat(actor.call(GoldenScenario.Counter::add).get()).isEqualTo(1);
    byte[] call = network.await(Frames.CALL, 0);
    WireWriter with = new WireWriter(Frames.CALL);
    WireReader in = new WireReader(ByteBuffer.wrap(call, 1, call.length - 1));
    with.writeUnsigned(99);
    in.readUnsigned();
    with.writeUnsigned(in.readUnsigned()).writeUnsigned(in.readUnsigned());
    in.readByte();
    with.writeByte(RemoteCall.HAS_CREDIT).writeUnsigned(0);
    while (in.remaining() > 0) {
      with.writeByte(in.readByte());
    }

    received(worker, 0, with);

    assertThat(network.drops).singleElement().asString().contains("was not granted");
  }
}
