package dev.manta.processes.chaos;

import dev.manta.ActorRef;
import dev.manta.Emitter;
import dev.manta.Manta;
import java.time.Duration;
import java.util.Arrays;

/** An actor that notes which calls it has run, and in which life of it. */
final class Ledger {
  /** How a call ended: what it ran as, and a digest of what it was given. */
  record Receipt(long id, String life, int attempt, int digest) {}

  private final RunLog log;
  private final String life;

  Ledger(RunLog log) {
    this.log = log;
    this.life = ProcessHandle.current().pid() + "-" + System.identityHashCode(this)
        + "-" + System.nanoTime();
  }

  private Receipt note(long id, int digest) {
    int attempt = Manta.attempt();
    log.begin(id, life, attempt);
    return new Receipt(id, life, attempt, digest);
  }

  Receipt take(long id, byte[] value) {
    return note(id, Arrays.hashCode(value));
  }

  Receipt takeLater(long id, byte[] value, int ms) {
    Receipt receipt = take(id, value);
    Manta.sleep(Duration.ofMillis(ms));
    return receipt;
  }

  byte[] give(long id, int size, int seed) {
    note(id, 0);
    return Values.of(size, seed);
  }

  Receipt passOn(long id, ActorRef<Ledger> next, byte[] value) {
    long innerId = id + note(id, 0).attempt();
    return next.call(l -> l.take(innerId, value)).get();
  }

  void emit(long id, int elements, int size, Emitter<byte[]> out) {
    note(id, 0);
    for (int i = 0; i < elements; i++) {
      out.emit(Values.of(size, i));
    }
  }
}
