package dev.manta.runtime;

import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.engine.Engine;
import dev.manta.engine.Events;
import dev.manta.runtime.codec.KryoCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Has calls wait and go on, once a JVM, on an actor of its own, so that the JIT compiler sees code go
 * on after a wait early. What it has never seen it leaves out; then each call that waits in such code
 * goes on in the interpreter, tens of microseconds later. A program whose first calls all wait, as
 * those of a server for long polls do, would meet that a million times.
 */
final class Rehearsal {
  /** The wait after which it is run: by then the code is about to be compiled. */
  private static final int AFTER_WAITS = 500;

  private static final int CALLS = 900;

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

  private static void run() {
    try (Manta manta =
        new Engine(new EmbeddedHost(Events.NONE), new KryoCodec(), LocalOptions.local())) {
      ActorRef<Stage> stage = manta.actor(Stage::new);
      List<ObjectRef<?>> calls = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        calls.add(stage.call(Stage::perform));
      }
      stage.run(Stage::open).get();
      for (ObjectRef<?> call : calls) {
        call.get();
      }
      manta.close(Duration.ZERO);
    }
  }

  /** The actor. */
  private static final class Stage {
    private final CompletableFuture<Integer> opened = new CompletableFuture<>();

    int perform() {
      int one = Manta.await(opened);
      return one + Manta.<Stage>self().call(Stage::applaud).get();
    }

    int applaud() {
      return 1;
    }

    void open() {
      opened.complete(1);
    }
  }
}
