package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.RemoteSupplier;
import dev.manta.TaskFailedException;
import dev.manta.TaskOptions;
import dev.manta.WhenFull;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** A fixed series of calls between three engines, in which frames of every type go. */
final class GoldenScenario {
  /** A frame by its name, and who sent it to whom. */
  record Golden(String name, int from, int to, byte[] bytes) {}

  static volatile CountDownLatch latch = new CountDownLatch(1);

  /** An actor. */
  static final class Counter {
    private int value;

    int add() {
      return ++value;
    }

    int addAll(List<Integer> more) {
      more.forEach(m -> value += m);
      return value;
    }

    void block() throws InterruptedException {
      latch.await();
    }

    Stream<String> words() {
      return Stream.of("a", "b", "c");
    }
  }

  /** What holds a ref that need not be complete. */
  record Box(ObjectRef<?> ref) implements Serializable {
    Boolean has() {
      return ref != null;
    }

    Boolean cancel() {
      return ref.cancel();
    }
  }

  /** What holds a handle. */
  record Holder(ActorRef<?> actor) implements Serializable {
    Boolean has() {
      return actor != null;
    }
  }

  /** A task that is no lambda. */
  static final class Named implements RemoteSupplier<Integer> {
    private static final long serialVersionUID = 1L;
    private final int seven = 7;

    @Override
    public Integer get() {
      return seven;
    }
  }

  static Integer seven() {
    return 7;
  }

  static List<Object> all() {
    return new ArrayList<>(List.of("x", 1, 2.5, List.of(true)));
  }

  static Object large() {
    return new ArrayList<>(List.of("x", new byte[200_000], new double[20_000]));
  }

  static Integer blocked() throws InterruptedException {
    latch.await();
    return 1;
  }

  static Integer waits() {
    ObjectRef<Integer> inner = Manta.current().submit(GoldenScenario::blocked);
    return inner.get();
  }

  private final WireNetwork network;
  private final Map<String, Golden> frames = new LinkedHashMap<>();

  private GoldenScenario(WireNetwork network) {
    this.network = network;
  }

  /** Runs it; the frames by their names. */
  static Map<String, Golden> run() throws Exception {
    latch = new CountDownLatch(1);
    try (WireNetwork network = new WireNetwork()) {
      GoldenScenario s = new GoldenScenario(network);
      s.play();
      if (!network.drops.isEmpty()) {
        throw new AssertionError(network.drops + " " + network.reports);
      }
      return s.frames;
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  /** Does something, and notes the frame of a type that goes then. */
  private void step(String name, int type, Step step) throws Exception {
    int before = network.sent.size();
    step.run();
    byte[] bytes = network.await(type, before);
    note(name, bytes);
    network.quiet();
  }

  private void note(String name, byte[] bytes) {
    for (WireNetwork.Sent s : network.sent) {
      if (s.bytes() == bytes) {
        frames.put(name, new Golden(name, s.from(), s.to(), bytes));
        return;
      }
    }
    throw new AssertionError(name);
  }

  private void play() throws Exception {
    Engine driver = network.add(0, true);
    Engine one = network.add(1, true);
    step("join", Frames.JOIN, () -> one.peers().join(4));

    step("code-method-reference", Frames.CODE, () -> driver.submit(GoldenScenario::seven).get());
    note("task", lastOf(Frames.TASK));
    note("result-int", lastOf(Frames.RESULT));
    TaskOptions options =
        TaskOptions.named("fit").cpus(0).resource("gpu", 1).deadline(Duration.ofSeconds(9));
    step("task-options", Frames.TASK, () -> driver.submit(options, GoldenScenario::seven).get());
    step("code-object", Frames.CODE, () -> driver.submit(new Named()).get());
    note("task-object", lastOf(Frames.TASK));
    step("result-encoded", Frames.RESULT, () -> driver.submit(GoldenScenario::all).get());
    plainValues(driver);
    failures(driver, one);
    List<ObjectRef<byte[]>> lent = new ArrayList<>();
    step("result-lent", Frames.RESULT, () -> {
      lent.add(driver.submit(() -> new byte[200_000]));
      lent.getFirst().get();
    });
    step("collect", Frames.COLLECT, network::fillMemory);
    step("return", Frames.RETURN, lent.getFirst()::release);

    ActorOptions named =
        ActorOptions.async()
            .maxConcurrency(7)
            .name("count")
            .resource("gpu", 0.5)
            .group("io", 2, "add", "words")
            .maxRestarts(1)
            .maxPendingCalls(11)
            .maxPendingBytes(1234)
            .whenFull(WhenFull.REFUSE)
            .detached()
            .retries(2, IllegalStateException.class)
            .methodRetries("add", 3)
            .startDeadline(Duration.ofMinutes(1))
            .streamBuffer(2)
            .maxBuffered(9)
            .pack();
    List<ActorRef<Counter>> actors = new ArrayList<>();
    step("host", Frames.HOST, () -> actors.add(driver.actor(named, Counter::new)));
    note("hosted", network.await(Frames.HOSTED, 0));
    note("built", network.await(Frames.BUILT, 0));
    ActorRef<Counter> counter = actors.get(0);
    step("call", Frames.CALL, () -> counter.call(Counter::add).get());
    CallOptions call = CallOptions.DEFAULT.deadline(Duration.ofSeconds(5)).group("io");
    ArrayList<Integer> more = new ArrayList<>(List.of(1, 2));
    step(
        "call-encoded", Frames.CALL,
        () -> counter.with(call).call(c -> c.addAll(more)).get());
    step("call-stream", Frames.CALL, () -> counter.stream(Counter::words).iterator().next());
    note("element", network.await(Frames.ELEMENTS, 0));
    step("demand", Frames.DEMAND, () -> {
      var all = counter.stream(Counter::words).iterator();
      while (all.hasNext()) {
        all.next();
      }
    });
    step("cancel", Frames.CANCEL, () -> {
      int before = network.sent.size();
      ObjectRef<Void> running = counter.run(Counter::block);
      network.await(Frames.CALL, before);
      network.quiet();
      running.cancel();
    });

    Engine two = network.add(2, true);
    two.peers().join(4);
    network.quiet();
    ActorRef<Counter> second = driver.actor(Counter::new);
    second.call(Counter::add).get();
    network.quiet();
    refs(driver, second);
    List<ActorRef<Counter>> made = births(one, counter);
    room(driver);
    step("end", Frames.END, () -> one.peers().end(2, "runs what is to end"));
    step("probe", Frames.PROBE, () -> {
      WireWriter out = new WireWriter(Frames.PROBE);
      out.writeUnsigned(1_000_000);
      RemoteWaits.write(out, new RemoteWaits.Probe(2, 1, 3, "a, which waits for b"));
      one.peers().driver().send(out);
    });
    alone(driver, one);
    step("waiting", Frames.WAITING, () -> {
      latch = new CountDownLatch(1);
      ObjectRef<Integer> waiting = driver.submit(GoldenScenario::waits);
      network.await(Frames.WAITING, 0);
      latch.countDown();
      waiting.get();
    });
    step("result-blocks", Frames.RESULT, () -> driver.submit(GoldenScenario::large).get());
    step("kill", Frames.KILL, () -> driver.kill(second));
    made.forEach(one::kill);
    note("actor-ended", network.await(Frames.ACTOR_ENDED, 0));
    network.remove(2);
    step("gone", Frames.GONE, () -> driver.peers().lost(2, "exited with code 3"));
    note("held", network.await(Frames.HELD, 0));
    network.letTimePass();
    int before = network.sent.size();
    driver.closeHere(Duration.ZERO);
    note("close", network.await(Frames.CLOSE, before));
  }

  /** Two calls on an actor that has room for one, since the limit of a process is not that of all. */
  private void room(Engine driver) throws Exception {
    ActorRef<Counter> narrow =
        driver.actor(ActorOptions.async().maxPendingCalls(1).maxPendingBytes(500), Counter::new);
    network.quiet();
    ActorHandle<?> first = network.engine(1).peers().hosting.actor(id(narrow));
    ActorCell there =
        (first != null ? first : network.engine(2).peers().hosting.actor(id(narrow))).cell;
    there.pending.enter(0);
    List<ObjectRef<?>> calls = new ArrayList<>();
    step("returned", Frames.RETURNED, () -> calls.add(narrow.call(Counter::add)));
    noteRoom("room-ask", Grants.ASK);
    step("grant", Frames.GRANT, () -> there.pending.leave(0));
    calls.get(0).get();
    network.quiet();
    note("call-credit", lastOf(Frames.CALL));
    noteRoom("room-open", Grants.OPEN);
    ((RemoteHandle<?>) narrow).cell.fence();
    network.quiet();
    noteRoom("room-fence", Grants.FENCE);
    there.pending.enter(0);
    calls.add(narrow.call(Counter::add));
    network.quiet();
    calls.get(1).cancel();
    there.pending.leave(0);
    network.quiet();
    noteRoom("room-back", Grants.BACK);
  }

  /** Notes the last frame that says this of room. */
  private void noteRoom(String name, int kind) {
    for (WireNetwork.Sent s : List.copyOf(network.sent).reversed()) {
      if (s.type() == Frames.ROOM && s.bytes()[2] == kind) {
        note(name, s.bytes());
        return;
      }
    }
    throw new AssertionError(name);
  }

  private static long id(ActorRef<?> actor) {
    return ((RemoteHandle<?>) actor).cell.id;
  }

  private byte[] lastOf(int type) {
    for (int i = network.sent.size() - 1; i >= 0; i--) {
      if (network.sent.get(i).type() == type) {
        return network.sent.get(i).bytes();
      }
    }
    throw new AssertionError("none of type " + type);
  }

  private void plainValues(Engine driver) throws Exception {
    Object[] values = {
        null, true, false, (byte) -1, (short) -300, 'ä', Long.MIN_VALUE, 1.5f, -0.25, "tëxt",
        new long[]{1, -2}};
    String[] names = {
        "null", "true", "false", "byte", "short", "char", "long", "float", "double", "text",
        "array"};
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      step("result-" + names[i], Frames.RESULT, () -> driver.submit(() -> value).get());
    }
    note("task-captured", lastOf(Frames.TASK));
    step("result-manta", Frames.RESULT, () -> driver.submit(() -> Manta.current()).get());
  }

  /** Written by themselves: the stacks of those that calls end with name lines of the engine. */
  private void failures(Engine driver, Engine one) throws Exception {
    IllegalStateException cause = new IllegalStateException("no state");
    cause.setStackTrace(stack());
    fail(one, "result-task-failed", new TaskFailedException("it failed", cause));
    fail(
        one, "result-not-executed",
        new NotExecutedException(Reason.PENDING_LIMIT, "it is full", null));
    fail(
        one, "result-outcome-unknown",
        new OutcomeUnknownException(Reason.WORKER_DIED, "it may have run", null));
    fail(one, "result-other-error", cause);
  }

  private void fail(Engine from, String name, Throwable error) throws Exception {
    error.setStackTrace(stack());
    Ref<Object> ref = new Ref<>(from);
    ref.fail(error);
    WireWriter out = new WireWriter(Frames.RESULT);
    out.writeUnsigned(1_000_000);
    step(name, Frames.RESULT, () -> from.peers().driver().sendOutcome(out, ref));
  }

  private static StackTraceElement[] stack() {
    return new StackTraceElement[]{
        new StackTraceElement("shop.Cart", "add", "Cart.java", 12),
        new StackTraceElement("shop.Cart", "main", null, -1)};
  }

  private void refs(Engine driver, ActorRef<Counter> second) throws Exception {
    ObjectRef<Integer> done = driver.put(5);
    step("call-complete-ref", Frames.CALL, () -> {
      Box box = new Box(done);
      second.call(c -> box.has()).get();
    });
    latch = new CountDownLatch(1);
    ObjectRef<Integer> pending = driver.submit(GoldenScenario::blocked);
    network.quiet();
    step("call-pending-ref", Frames.CALL, () -> {
      Box box = new Box(pending);
      second.call(c -> box.has()).get();
    });
    step("ref-done", Frames.REF_DONE, latch::countDown);
    latch = new CountDownLatch(1);
    ObjectRef<Integer> other = driver.submit(GoldenScenario::blocked);
    network.quiet();
    step("cancel-ref", Frames.CANCEL_REF, () -> {
      Box box = new Box(other);
      second.call(c -> box.cancel()).get();
    });
    latch.countDown();
    step("release", Frames.RELEASE, () -> {
      Holder holder = new Holder(second);
      second.call(c -> holder.has()).get();
    });
    network.quiet();
  }

  private void alone(Engine driver, Engine one) throws Exception {
    TaskOptions isolated = TaskOptions.DEFAULT.isolated("-Xmx1g", "-ea");
    step("task-isolated", Frames.TASK, () -> one.submit(isolated, GoldenScenario::seven).get());
    List<Long> tickets = new CopyOnWriteArrayList<>();
    driver.peers().onJoin(worker -> {});
    driver.peers().begin(new FakeStaff(4, tickets::add, Duration.ofMinutes(1)));
    ActorRef<Counter> counter = driver.actor(ActorOptions.async().isolated("-ea"), Counter::new);
    network.add(3, true).peers().join(1);
    network.quiet();
    step("alone", Frames.ALONE, () -> driver.peers().admitAlone(tickets.getFirst(), 3));
    note("host-isolated", lastOf(Frames.HOST));
    step("retire", Frames.RETIRE, () -> driver.kill(counter));
    note("retired", network.await(Frames.RETIRED, 0));
  }

  private List<ActorRef<Counter>> births(Engine one, ActorRef<Counter> counter) throws Exception {
    List<ActorRef<Counter>> made = new ArrayList<>();
    int before = network.sent.size();
    step("create", Frames.CREATE, () -> made.add(one.actor(ActorOptions.serial(), Counter::new)));
    note("actor-at", network.await(Frames.ACTOR_AT, before));
    ActorOptions named = ActorOptions.threaded(2).name("other");
    step("ask-create", Frames.ASK, () -> made.add(one.actor(named, Counter::new)));
    note("answer-true", lastOf(Frames.ANSWER));
    step("ask-find", Frames.ASK, () -> one.find("count", Counter.class));
    note("answer-actor", lastOf(Frames.ANSWER));
    step("ask-stats", Frames.ASK, one::stats);
    step("hold", Frames.HOLD, () -> {
      Holder holder = new Holder(made.get(1));
      made.get(0).call(c -> holder.has()).get();
    });
    java.lang.ref.Reference.reachabilityFence(counter);
    java.lang.ref.Reference.reachabilityFence(made);
    ActorRef<Counter> brief = one.actor(ActorOptions.serial(), Counter::new);
    network.quiet();
    step("unheld", Frames.UNHELD, () -> one.peers().actors.letGo(id(brief), Map.of(1, 1)));
    note("unheld-answer", lastOf(Frames.UNHELD));
    return made;
  }
}
