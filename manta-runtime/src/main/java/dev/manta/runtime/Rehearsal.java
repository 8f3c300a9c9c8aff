package dev.manta.runtime;

import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.engine.Engine;
import dev.manta.runtime.codec.KryoCodec;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Has calls wait and go on, once a JVM, on an actor of its own, so that the JIT compiler sees code go
 * on after a wait early. What it has never seen it leaves out; then each call that waits in such code
 * goes on in the interpreter, tens of microseconds later. A program whose first calls all wait, as
 * those of a server for long polls do, would meet that a million times.
 *
 * <p>Many short rounds, so that code that was compiled too early is met soon, and compiled again.
 */
final class Rehearsal {
  /** The wait after which it is run: a program that has waited so often will do so again. */
  private static final int AFTER_WAITS = 300;

  private static final int ROUNDS = 40;
  private static final int CALLS = 30;
  private static final Duration PAUSE = Duration.ofMillis(5);

  /* Counted without care: it only has to come to an end. */
  private static int waits;

  private Rehearsal() {}

  /** A thread is about to wait. */
  static void countWait() {
    if (waits < AFTER_WAITS && ++waits == AFTER_WAITS) {
      var _ =
          Thread.ofVirtual()
              .inheritInheritableThreadLocals(false)
              .name("manta-rehearsal")
              .start(Rehearsal::run);
    }
  }

  /** Its turns are nobody's, however long they are held. */
  private static final LocalOptions UNWATCHED =
      LocalOptions.local().stallThreshold(java.time.Duration.ofDays(1));

  private static void run() {
    try (Manta manta =
        new Engine(new EmbeddedHost(JfrEvents.silent()), new KryoCodec(), UNWATCHED)) {
      ActorRef<Stage> stage = manta.actor(Stage::new);
      bringOnAll(manta, stage);
      for (int round = 0; round < ROUNDS; round++) {
        List<ObjectRef<?>> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
          calls.add(stage.call(Stage::perform));
        }
        stage.run(Stage::open).get();
        for (ObjectRef<?> call : calls) {
          call.get();
        }
        Thread.sleep(PAUSE);
      }
      manta.close(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does, and nothing is lost
    }
  }

  /**
   * Has two classes of each kind loaded. Code that is compiled while there is one relies on that, and is
   * thrown away when the second comes: under all calls that wait in it, as above.
   */
  private static void bringOnAll(Manta manta, ActorRef<Stage> stage) {
    manta.submit(() -> 1).thenApply(one -> one + 1).toCompletableFuture().join();
    manta.submit(() -> 2).get();
    manta.run(() -> {}).get();
    manta.run(() -> {}).get();
    stage.run(s -> s.applaud()).get();
    var _ = new StringWriter().append("all"); // with StringBuffer, beside StringBuilder
    stage.run(Stage::open).get();
  }

  /** The actor. */
  private static final class Stage {
    private CompletableFuture<Integer> opened = new CompletableFuture<>();

    int perform() {
      int one = Manta.await(opened);
      return one + Manta.<Stage>self().call(Stage::applaud).get();
    }

    int applaud() {
      return 1;
    }

    void open() {
      CompletableFuture<Integer> last = opened;
      opened = new CompletableFuture<>();
      last.complete(1);
    }
  }
}
