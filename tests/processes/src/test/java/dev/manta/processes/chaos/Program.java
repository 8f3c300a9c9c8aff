package dev.manta.processes.chaos;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.TaskOptions;
import dev.manta.processes.chaos.Ledger.Receipt;
import dev.manta.processes.support.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Submits what its seed says: tasks, calls, streams and cancels. */
final class Program {
  private static final int MOST_PENDING = 64;
  private static final int ACTORS = 8;

  /** What a call or task submits in its n-th attempt has the number n after its own. */
  static final int IDS_OF_EACH = 10;

  private final Manta manta;
  private final RunLog log;
  private final AtomicLong ids = new AtomicLong();
  private final Semaphore room = new Semaphore(MOST_PENDING);
  private final List<ActorRef<Ledger>> actors = new ArrayList<>();
  final Queue<Submitted> all = new ConcurrentLinkedQueue<>();

  Program(Manta manta, RunLog log) {
    this.manta = manta;
    this.log = log;
    for (int i = 0; i < ACTORS; i++) {
      actors.add(actor(i));
    }
  }

  /** Of the actors some are not built again, some a few times, some always. */
  private ActorRef<Ledger> actor(int number) {
    RunLog to = log;
    int restarts = new int[]{0, 2, 1_000, 1_000}[number % 4];
    ActorOptions kind = number % 2 == 0 ? ActorOptions.async() : ActorOptions.serial();
    return manta.actor(kind.maxRestarts(restarts), () -> new Ledger(to));
  }

  private ActorRef<Ledger> anyActor(Random random) {
    return actorAt(random.nextInt(ACTORS), random);
  }

  private ActorRef<Ledger> anyAsyncActor(Random random) {
    return actorAt(2 * random.nextInt(ACTORS / 2), random);
  }

  private ActorRef<Ledger> actorAt(int i, Random random) {
    synchronized (actors) {
      if (random.nextInt(40) == 0) {
        actors.set(i, actor(i));
      }
      return actors.get(i);
    }
  }

  List<ActorRef<Ledger>> actors() {
    synchronized (actors) {
      return List.copyOf(actors);
    }
  }

  /** Submits until the time is over; by several threads. */
  void run(Random random, long endNs) throws InterruptedException {
    while (System.nanoTime() - endNs < 0) {
      if (!room.tryAcquire(Limits.TOLERANCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("nothing has ended within " + Limits.TOLERANCE);
      }
      submit(random);
    }
  }

  private void submit(Random random) {
    Optional<Duration> deadline =
        random.nextInt(3) == 0
            ? Optional.of(Duration.ofMillis(50 + random.nextInt(2_000)))
            : Optional.empty();
    int retries = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0;
    long id = ids.addAndGet(IDS_OF_EACH);
    int kind = random.nextInt(100);
    if (kind < 30) {
      task(random, new Submitted(id, "task", deadline, retries));
    } else if (kind < 40) {
      nested(random, new Submitted(id, "task in a task", deadline, retries));
    } else if (kind < 70) {
      take(random, new Submitted(id, "take", deadline, retries));
    } else if (kind < 80) {
      give(random, new Submitted(id, "give", deadline, retries));
    } else if (kind < 90) {
      passOn(random, new Submitted(id, "pass on", deadline, retries));
    } else {
      stream(random, new Submitted(id, "stream", Optional.empty(), 0));
    }
  }

  private <T> void watch(Random random, Submitted call, ObjectRef<T> ref, Consumer<T> check) {
    all.add(call);
    call.watch(ref, check, room::release);
    if (random.nextInt(20) == 0) {
      call.cancelled = true;
      ref.cancel();
    }
  }

  private static TaskOptions taskOptions(Submitted call) {
    TaskOptions o = TaskOptions.DEFAULT.retries(call.retries);
    return call.deadline.map(o::deadline).orElse(o);
  }

  private static ActorRef<Ledger> with(ActorRef<Ledger> actor, Submitted call) {
    CallOptions o = CallOptions.DEFAULT.retries(call.retries);
    return actor.with(call.deadline.map(o::deadline).orElse(o));
  }

  private static void same(Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new AssertionError("expected " + expected + ", not " + actual);
    }
  }

  private void task(Random random, Submitted call) {
    RunLog to = log;
    long id = call.id;
    byte[] value = Values.of(Values.size(random), (int) id);
    int expected = Arrays.hashCode(value);
    ObjectRef<Integer> ref =
        manta.submit(taskOptions(call), () -> {
          to.begin(id, "task", Manta.attempt());
          return Arrays.hashCode(value);
        });
    watch(random, call, ref, v -> same(expected, v));
  }

  private void nested(Random random, Submitted call) {
    RunLog to = log;
    long id = call.id;
    int size = Values.size(random);
    ObjectRef<Integer> ref =
        manta.submit(taskOptions(call), () -> {
          to.begin(id, "task", Manta.attempt());
          long innerId = id + Manta.attempt();
          ObjectRef<byte[]> inner =
              Manta.current().submit(() -> {
                to.begin(innerId, "task", Manta.attempt());
                return Values.of(size, 1);
              });
          return Arrays.hashCode(inner.get());
        });
    int expected = Arrays.hashCode(Values.of(size, 1));
    watch(random, call, ref, v -> same(expected, v));
  }

  private void take(Random random, Submitted call) {
    long id = call.id;
    byte[] value = Values.of(Values.size(random), (int) id);
    int ms = random.nextInt(4) == 0 ? random.nextInt(200) : 0;
    int expected = Arrays.hashCode(value);
    ObjectRef<Receipt> ref =
        with(anyActor(random), call)
            .call(l -> ms == 0 ? l.take(id, value) : l.takeLater(id, value, ms));
    watch(random, call, ref, r -> {
      same(id, r.id());
      same(expected, r.digest());
    });
  }

  private void give(Random random, Submitted call) {
    long id = call.id;
    int size = Values.size(random);
    ObjectRef<byte[]> ref = with(anyActor(random), call).call(l -> l.give(id, size, (int) id));
    int expected = Arrays.hashCode(Values.of(size, (int) id));
    watch(random, call, ref, bytes -> same(expected, Arrays.hashCode(bytes)));
  }

  private void passOn(Random random, Submitted call) {
    long id = call.id;
    ActorRef<Ledger> first = anyActor(random);
    ActorRef<Ledger> next = anyAsyncActor(random); // serial ones could wait for each other
    byte[] value = Values.of(Values.size(random), (int) id);
    int expected = Arrays.hashCode(value);
    ObjectRef<Receipt> ref =
        with(first, call).call(l -> l.passOn(id, next, value));
    watch(random, call, ref, r -> same(expected, r.digest()));
  }

  private void stream(Random random, Submitted call) {
    all.add(call);
    long id = call.id;
    int elements = random.nextInt(100);
    int size = Values.size(random) / 8;
    boolean stopsEarly = random.nextInt(4) == 0;
    var stream = anyActor(random).<byte[]>stream((l, out) -> l.emit(id, elements, size, out));
    Thread.ofVirtual().start(() -> {
      int read = 0;
      try (stream) {
        for (byte[] element : stream) {
          if (!Arrays.equals(element, Values.of(size, read))) {
            call.wrong = "element " + read;
          }
          read++;
          if (stopsEarly && read > elements / 2) {
            break;
          }
        }
        call.value = read;
        if (!stopsEarly && read != elements) {
          call.wrong = "read " + read + " of " + elements + " without an error";
        }
      } catch (RuntimeException e) {
        call.error = e;
      } finally {
        call.endNs = System.nanoTime();
        room.release();
      }
    });
  }
}
