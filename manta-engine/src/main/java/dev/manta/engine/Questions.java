package dev.manta.engine;

import dev.manta.ActorStats;
import dev.manta.MantaStats;
import dev.manta.Stall;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireException;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Questions between the driver and its workers, each with an answer. */
final class Questions {
  private static final int FIND = 0;
  private static final int CREATE_NAMED = 1;
  private static final int STATS = 2;
  private static final int CLOSE = 3;

  /** How long a worker may take to say what it does. */
  private static final long STATS_NS = 1_000_000_000;

  private static final long CLOSE_NS = 10_000_000_000L;

  private final Peers peers;
  private final Engine engine;

  /** A question, and who was asked. */
  private record Open(Peer asked, Ref<Object> answer) {}

  private final ConcurrentHashMap<Long, Open> open = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong();

  Questions(Peers peers) {
    this.peers = peers;
    this.engine = peers.engine;
  }

  /** A handle to the live actor of a name, from the driver; null if there is none. */
  @Nullable Object find(String name) {
    return ask(FIND, out -> out.writeText(name));
  }

  /** Whether the driver has taken in an actor with a name. */
  boolean create(Consumer<WireWriter> birth) {
    return Boolean.TRUE.equals(ask(CREATE_NAMED, birth));
  }

  /** Has the driver close the Manta; returns when that has begun. */
  void askToClose(long drainNs) {
    var _ = ask(CLOSE, out -> out.writeUnsigned(drainNs));
    if (Runner.currentWork() != null) { // it is among what ends now
      long limitNs = drainNs > Waits.FOREVER - CLOSE_NS ? Waits.FOREVER : drainNs + CLOSE_NS;
      var _ = Waits.within(new Ref<@Nullable Void>(engine), limitNs);
    }
  }

  /** Asks the driver, and waits for the answer. */
  private @Nullable Object ask(int kind, Consumer<WireWriter> rest) {
    Ref<Object> answer = question(next.getAndIncrement(), peers.driver(), kind, rest);
    Waits.untilDone(answer);
    return answer.now();
  }

  /** Whether this process waits for no answer. */
  boolean isIdle() {
    return open.isEmpty();
  }

  void asked(Peer from, WireReader in) {
    long question = in.readUnsigned();
    int kind = in.readByte();
    if (kind != STATS && !peers.isDriver()) {
      throw new WireException("the question " + kind + " is not for a worker");
    }
    switch (kind) {
      case FIND -> {
        String name = in.readText();
        in.end();
        answer(from, question, peers.actors.findHere(name));
      }
      case CREATE_NAMED -> answer(from, question, peers.actors.born(from, in));
      case STATS -> {
        boolean ofAll = in.readFlag();
        in.end();
        if (ofAll) { // asks others in turn: not on the thread that reads
          var _ =
              engine.host.startVirtual(
                  "manta-stats", () -> answer(from, question, engine.stats()));
        } else {
          answer(from, question, engine.statsOfThisProcess());
        }
      }
      case CLOSE -> {
        long drainNs = in.readUnsigned();
        in.end();
        if (drainNs < 0) {
          throw new WireException("a drain takes " + drainNs + " ns");
        }
        Duration drain = Duration.ofNanos(drainNs);
        engine.beginsToClose();
        answer(from, question, true);
        var _ = engine.host.startVirtual("manta-close", () -> engine.closeHere(drain));
      }
      default -> throw new WireException("there is no question " + kind);
    }
  }

  private static void answer(Peer to, long question, @Nullable Object answer) {
    WireWriter out = new WireWriter(Frames.ANSWER);
    out.writeUnsigned(question);
    WireValues.write(to, out, answer);
    to.send(out);
  }

  /** A look inside all processes, with what this one has: those that don't answer are left out. */
  MantaStats stats(MantaStats own) {
    if (!peers.isDriver()) {
      Object all = statsOf(List.of(peers.driver()), true).getFirst();
      return all instanceof MantaStats s ? s : own;
    }
    List<Peer> workers = peers.workforce.all();
    List<ActorStats> actors = new ArrayList<>();
    List<Stall> stalls = new ArrayList<>();
    long running = 0;
    long queued = peers.tasks.queued();
    double freeCpus = peers.workforce.cpusNotStarted();
    List<@Nullable Object> answers = statsOf(workers, false);
    for (int i = 0; i < workers.size(); i++) {
      if (answers.get(i) instanceof MantaStats s) {
        actors.addAll(s.actors());
        stalls.addAll(s.stalls());
        running += s.tasksRunning();
        queued += s.tasksQueued();
        if (peers.workforce.isOrdinary(workers.get(i))) {
          freeCpus += s.free().getOrDefault("cpu", 0.0);
        }
      }
    }
    Map<String, Double> free = new HashMap<>(own.free());
    free.put("cpu", Math.min(freeCpus, own.free().getOrDefault("cpu", 0.0)));
    return new MantaStats(
        own.resources(), free, running, queued + own.tasksQueued(), actors, stalls);
  }

  private List<@Nullable Object> statsOf(List<Peer> of, boolean ofAll) {
    List<Ref<Object>> answers = new ArrayList<>();
    List<Long> asked = new ArrayList<>();
    for (Peer peer : of) {
      long question = next.getAndIncrement();
      answers.add(question(question, peer, STATS, out -> out.writeFlag(ofAll)));
      asked.add(question);
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (Ref<Object> answer : answers) {
      values.add(Waits.within(answer, STATS_NS) ? valueOf(answer) : null);
    }
    asked.forEach(open::remove);
    return values;
  }

  private static @Nullable Object valueOf(Ref<Object> answer) {
    try {
      return answer.now();
    } catch (RuntimeException | LinkageError e) {
      return null; // it can't be decoded
    }
  }

  private Ref<Object> question(long number, Peer to, int kind, Consumer<WireWriter> rest) {
    WireWriter out = new WireWriter(Frames.ASK);
    out.writeUnsigned(number).writeByte(kind);
    Ref<Object> answer = new Ref<>(engine);
    open.put(number, new Open(to, answer));
    try {
      to.send(out, () -> rest.accept(out));
    } catch (RuntimeException | StackOverflowError e) {
      open.remove(number);
      throw e;
    }
    return answer;
  }

  /** An answer has come, which is decoded by who waits for it. */
  void answered(Peer from, WireReader in) {
    long number = in.readUnsigned();
    Object answer = WireValues.read(from, in);
    in.end();
    Open question = open.get(number);
    if (question == null) {
      return; // it came too late
    }
    if (question.asked != from) {
      throw new WireException("the answer to what another process was asked");
    }
    open.remove(number);
    question.answer.complete(answer);
  }
}
